"""How statements go: with their line, or leaving a `pass`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence

from kmigrate.edits import Edit, Span, replace
from kmigrate.resolve.scopes import ModuleScope
from kmigrate.source.module import Module

_PRAGMA = r"#[ \t]*(?:noqa\b|(?:pylint|type|flake8|isort|mypy|pyright|ruff|pragma)[ \t]*:)[^#\r\n]*"
_PRAGMAS = re.compile(rf"[ \t]*;?[ \t]*(?:{_PRAGMA})+(?=[#\r\n]|$)")
"""Comments that tell a tool how to take the statement: alone on a line, some of them hold for the rest of the module."""


def delete_statement(module: Module, node: ast.stmt, parent: ast.AST | None, rule: str) -> Edit:
    """The edit that takes a statement away, its line with it; `pass` where a block would be empty."""
    return delete_statements(module, [node], parent, rule)


def delete_each(module: Module, gone: Mapping[ast.stmt, str], scopes: ModuleScope) -> Iterator[Edit]:
    """The edits that take statements away, each with its rule; a block that loses all of its own keeps a `pass`."""
    for node, rule in gone.items():
        parent, block = scopes.parents.get(node), scopes.block(node)
        if node is block[-1] and len(block) > 1 and not isinstance(parent, ast.Module) and all(item in gone for item in block):
            yield replace(module.start(node), _end(module, [node]), "pass", rule=rule)
        else:
            yield delete_statement(module, node, parent, rule)


def delete_statements(module: Module, run: Sequence[ast.stmt], parent: ast.AST | None, rule: str) -> Edit:
    """The same for statements that stand side by side in one block. A comment for tools goes with them, a person's stays."""
    span = Span(module.start(run[0]), _end(module, run))
    blocks = [getattr(parent, name, None) for name in ("body", "orelse", "finalbody")]
    alone = any(isinstance(block, list) and block == run for block in blocks) and not isinstance(parent, ast.Module)
    if alone:
        return replace(span.start, span.end, "pass", rule=rule)
    source = module.text
    starts = module.source.line_starts
    line_start = starts[module.source.line(span.start) - 1]
    semicolon = re.compile(r"[ \t]*;[ \t]*").match(source, span.end)
    if semicolon and source[semicolon.end() : semicolon.end() + 1] not in ("", "\r", "\n"):
        return replace(span.start, semicolon.end(), rule=rule)
    before = re.compile(r";[ \t]*$").search(source[line_start : span.start])
    if before:
        return replace(line_start + before.start(), span.end, rule=rule)
    rest = re.compile(r"[ \t]*;?[ \t]*(\r\n|\r|\n|$)").match(source, span.end)
    if source[line_start : span.start].strip() == "" and rest is not None:
        return replace(line_start, rest.end(), rule=rule)
    comment = re.compile(r"[ \t]*(?=#)").match(source, span.end)  # it stays, where the statement stood
    return replace(span.start, comment.end() if comment else span.end, rule=rule)


def _end(module: Module, run: Sequence[ast.stmt]) -> int:
    """The offset behind statements, and behind their comments for tools where they have the line for themselves."""
    start, end = module.start(run[0]), module.end(run[-1])
    pragmas = _PRAGMAS.match(module.text, end)
    margin = module.text[module.source.line_starts[module.source.line(start) - 1] : start]
    return end if pragmas is None or margin.strip() else pragmas.end()
