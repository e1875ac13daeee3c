"""The text of `model = Sequential([Merge(...), layer, ...])` as one statement for each layer."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from kmigrate.edits import Edit, Piece, replace
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.handlers.branches.statements import alone, separator

_COMMENT = re.compile(r"#[^\r\n]*")


def listing_in_the_way(context: Context, statement: ast.Assign, listed: Sequence[ast.expr]) -> str | None:
    """Why the list can't be written as statements: what stands in it beside the layers."""
    module = context.site.module
    held = _held(statement)
    behind = listed[0] if listed else None
    head = module.text[module.start(statement) : module.end(held.elts[0])]
    between = [_gap(context, statement, place, listed) for place in range(len(listed))]
    after_merge = module.text[module.end(held.elts[0]) : module.start(behind) if behind is not None else module.end(held)]
    if "#" in head or not all(_plain(gap) for gap in (after_merge, *between)):
        return "a comment stands inside the statement"
    if not alone(context, statement) and "#" in module.segment(statement):
        return "a comment stands inside of statements that share a line"
    if "#" in module.text[module.end(held) : module.end(statement)]:
        return "a comment stands inside the statement"
    return None


def statements(
    context: Context, statement: ast.Assign, listed: Sequence[ast.expr], head: Sequence[Piece], output: str
) -> Iterator[Edit]:
    """The edits; `head` is the text of the statement that merges."""
    module, rule = context.site.module, context.rule.id
    line = separator(context, statement)
    held = _held(statement)
    ends = [module.start(layer) for layer in listed]
    after_merge = module.text[module.end(held.elts[0]) : ends[0] if ends else module.end(held)]
    yield replace(
        module.start(statement), ends[0] if ends else module.end(statement),
        *head, _comments(after_merge, line), f"{line}{output} = " if listed else "", rule=rule,
    )  # fmt: skip
    for place, layer in enumerate(listed):
        last = place + 1 == len(listed)
        comments = _comments(_gap(context, statement, place, listed), line)
        following = "" if last else f"{line}{output} = "
        end = module.end(statement) if last else ends[place + 1]
        yield replace(module.end(layer), end, f"({output})", comments, following, rule=rule)


def _held(statement: ast.Assign) -> ast.List:
    made = statement.value
    assert isinstance(made, ast.Call)
    given = (*made.args, *(keyword.value for keyword in made.keywords))
    return next(item for item in given if isinstance(item, ast.List))


def _gap(context: Context, statement: ast.Assign, place: int, listed: Sequence[ast.expr]) -> str:
    """The text between a layer and the next, or the end of the list."""
    module = context.site.module
    end = module.start(listed[place + 1]) if place + 1 < len(listed) else module.end(_held(statement)) - 1
    return module.text[module.end(listed[place]) : end]


def _plain(gap: str) -> bool:
    return _COMMENT.sub("", gap).strip(" \t\r\n\\,]") == ""


def _comments(gap: str, line: str) -> str:
    """The comments of a gap: on the line of the layer before it, or on lines of their own."""
    text = ""
    for found in _COMMENT.finditer(gap):
        text += f"  {found.group()}" if not re.search(r"[\r\n]", gap[: found.start()]) else f"{line}{found.group()}"
    return text
