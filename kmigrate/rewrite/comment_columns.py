"""How comments behind the code of neighbouring lines stay in one column where text before them changed its length."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence

from kmigrate.edits import Edit, Replacement, insert, replace
from kmigrate.source.module import Module

LEAST = 2
"""So many blanks stand before such a comment, unless there were fewer (PEP 8)."""

_STRING_OR_COMMENT = re.compile(
    r"'''(?:[^\\]|\\.)*?'''|\"\"\"(?:[^\\]|\\.)*?\"\"\"|'(?:[^\\'\r\n]|\\.)*'|\"(?:[^\\\"\r\n]|\\.)*\"|#[^\r\n]*", re.DOTALL
)


def kept_columns(module: Module, statements: Collection[ast.stmt], replacements: Sequence[Replacement]) -> list[Edit]:
    """The edits that bring comments back to the column that they share with the line above or below, as far as there is room.

    A comment that stands in a column of its own moves with its code.
    """
    if "#" not in module.text:
        return []
    changed = _by_line(module, replacements)
    grown = {number: sum(len(item.text) - (item.end - item.start) for item in items) for number, items in changed.items()}
    found = (_edit(module, statements, number, items[-1], grown) for number, items in changed.items() if grown[number])
    return [edit for edit in found if edit is not None]


def _by_line(module: Module, replacements: Sequence[Replacement]) -> dict[int, list[Replacement]]:
    """The replacements of each line (from 1) that no line is added to or taken from."""
    found: dict[int, list[Replacement]] = {}
    broken: set[int] = set()
    starts = module.source.line_starts
    for item in replacements:
        first, last = bisect_right(starts, item.start), bisect_right(starts, item.end)
        if first != last or "\n" in item.text or "\r" in item.text:
            broken.update((first, last))
        else:
            found.setdefault(first, []).append(item)
    return {number: items for number, items in found.items() if number not in broken}


def _edit(
    module: Module, statements: Collection[ast.stmt], number: int, last: Replacement, grown: Mapping[int, int]
) -> Edit | None:
    """The edit for the comment behind the last replacement of a line; `grown` tells by how much lines get longer."""
    comment = module.text.find("#", last.end, _end(module, number))
    if comment < 0:
        return None
    start = module.source.line_starts[number - 1]
    if "\t" in module.text[start:comment]:  # as wide as an editor likes
        return None
    beside = [line for step in (-1, 1) for line in _column(module, number, comment - start, step)]
    if all(grown.get(line, 0) == grown[number] for line in beside):  # there are none, or they move together
        return None
    if comment not in _comments(module, statements, number):
        return None
    if grown[number] < 0:
        return insert(comment, " " * -grown[number], rule=last.rules[0])
    blanks = comment - max(last.end, start + len(module.text[start:comment].rstrip(" ")))
    room = min(grown[number], blanks - LEAST)
    return replace(comment - room, comment, rule=last.rules[0]) if room > 0 else None


def _column(module: Module, number: int, column: int, step: int) -> Iterator[int]:
    """The lines without a gap from the one above or below, by the step, whose comments stand in the column."""
    number += step
    while _comment_at(module, number, column):
        yield number
        number += step


def _comment_at(module: Module, number: int, column: int) -> bool:
    """Whether a line has code, then something that looks like a comment in this column."""
    starts = module.source.line_starts
    if not 1 <= number <= len(starts):
        return False
    line = module.text[starts[number - 1] : _end(module, number)]
    return line[column : column + 1] == "#" and line[:column].endswith(" ") and bool(line[:column].strip())


def _comments(module: Module, statements: Collection[ast.stmt], number: int) -> Iterator[int]:
    """Where the comments of a line begin, as read from the start of the statement that it belongs to."""
    for statement in statements:
        if statement.lineno <= number <= (statement.end_lineno or statement.lineno):
            for token in _STRING_OR_COMMENT.finditer(module.text, module.start(statement), _end(module, number)):
                if module.text[token.start()] == "#":
                    yield token.start()


def _end(module: Module, number: int) -> int:
    """Where a line (from 1) ends, its line end included."""
    starts = module.source.line_starts
    return starts[number] if number < len(starts) else len(module.text)
