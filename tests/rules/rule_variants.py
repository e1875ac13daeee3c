"""In which other forms must the same example hold?

A variant changes the text before and the text after in the same way. It is left out where the example has no such form.
"""

from __future__ import annotations

import ast
import io
import re
import textwrap
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Change = Callable[[str], str]

LETTERS = "éèêëàâäöüñçøåæðþïîôûõãìíòóùú"
COMMENT = "# Größe 测量\n"


@dataclass(frozen=True)
class Variant:
    """One form of an example: how to turn any of its texts into that form."""

    name: str
    change: Change


def variants(*texts: str) -> Iterator[Variant]:
    """The forms that these texts of one example can take, the plain one first."""
    yield Variant("plain", lambda text: text)
    yield Variant("crlf", lambda text: text.replace("\n", "\r\n"))
    if any(_indents(text) for text in texts) and all(_is_four(text) for text in texts):
        yield Variant("tabs", _with_tabs)
    if not any(_coding(text) for text in texts):
        yield Variant("non-ascii", _with_letters(texts))
    if all(_wrapped(text) is not None for text in texts):
        yield Variant("function", lambda text: _wrapped(text) or text)


def _indents(text: str) -> list[str]:
    return [match.group() for match in re.finditer(r"^[ \t]+(?=\S)", text, re.MULTILINE)]


def _is_four(text: str) -> bool:
    return all(re.fullmatch("(?: {4})+", indent) for indent in _indents(text))


def _with_tabs(text: str) -> str:
    return re.sub(r"^(?: {4})+(?=\S)", lambda match: "\t" * (len(match.group()) // 4), text, flags=re.MULTILINE)


def _coding(text: str) -> bool:
    return any(re.match(r"[ \t\f]*#.*coding[:=]", line) for line in text.splitlines()[:2])


def _with_letters(texts: tuple[str, ...]) -> Change:
    """A comment before everything, and a letter beyond ASCII in each variable (of the same length: columns stay)."""
    trees = [_parsed(text) for text in texts]
    if any(tree is None for tree in trees):
        return lambda text: COMMENT + text
    names = set.intersection(*(_variables(tree) for tree in trees if tree))
    taken = {node.id for tree in trees if tree for node in ast.walk(tree) if isinstance(node, ast.Name)}
    new: dict[str, str] = {}
    for name in sorted(name for name in names if not any(other.startswith(f"{name}_") for other in taken)):
        spelled = next((n for letter in LETTERS if (n := name[:-1] + letter) not in {*taken, *new.values()}), None)
        if spelled:
            new[name] = spelled
    return lambda text: COMMENT + _renamed(text, new)


def _variables(tree: ast.Module) -> set[str]:
    """Names that are assigned, and that are nothing else anywhere."""
    stored: set[str] = set()
    other: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                stored.add(name)
            case ast.arg(arg=name) | ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
                other.add(name)
            case ast.ClassDef(name=name, body=body):
                other.update(inner.id for part in body for inner in ast.walk(part) if isinstance(inner, ast.Name))
                other.add(name)
            case ast.FunctionDef(name=name) | ast.ExceptHandler(name=str(name)):
                other.add(name)
            case ast.ImportFrom(module=str(module)):
                other.update(module.split("."))
            case ast.alias(name=name, asname=asname):
                other.update({*name.split("."), asname or ""})
            case ast.Constant(value=str(text)):
                other.update(re.findall(r"\w+", text))
    return stored - other


def _renamed(text: str, new: dict[str, str]) -> str:
    lines = text.splitlines(keepends=True)
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    for token in reversed(tokens):
        if token.type == tokenize.NAME and token.string in new:
            row, column = token.start
            line = lines[row - 1]
            lines[row - 1] = line[:column] + new[token.string] + line[column + len(token.string) :]
    return "".join(lines)


def _wrapped(text: str) -> str | None:
    """The imports at the top, everything else in the body of a function."""
    tree = _parsed(text)
    if tree is None:
        return None
    first = next((index for index, node in enumerate(tree.body) if not _is_head(node, index)), None)
    if first is None or any(isinstance(node, ast.Import | ast.ImportFrom) for node in _all(tree.body[first:])):
        return None
    lines = text.splitlines(keepends=True)
    head = tree.body[first - 1].end_lineno or 0 if first else 0
    body = "".join(lines[head:]).lstrip("\n")
    return "".join(lines[:head]) + "\n\ndef build():\n" + textwrap.indent(body, "    ")


def _is_head(node: ast.stmt, index: int) -> bool:
    docstring = index == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return docstring or isinstance(node, ast.Import | ast.ImportFrom)


def _all(nodes: list[ast.stmt]) -> Iterator[ast.AST]:
    for node in nodes:
        yield from ast.walk(node)


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except SyntaxError:
        return None
