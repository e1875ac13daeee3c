"""Which statements of a block stand on lines that were edited?"""

from __future__ import annotations

import ast
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kmigrate.edits import Replacement


class Edit(NamedTuple):
    """The first and last line of an edit in the old text, counted from 1, and how far what stands before and behind it moves."""

    first: int
    last: int
    before: int
    behind: int


class Run(NamedTuple):
    """Neighbours in a block, from `start` up to `stop`, on lines that nothing else stands on, with the edits of these lines."""

    start: int
    stop: int
    first: int
    last: int
    edits: list[Edit]


def edited_lines(starts: Sequence[int], replacements: Sequence[Replacement]) -> Iterator[Edit]:
    """The lines of replacements that come in order, in a text whose lines start at these offsets."""
    shift = 0
    for item in replacements:
        last = bisect_right(starts, item.end)
        if item.start < item.end == starts[last - 1]:  # the end of a line goes with it
            last -= 1
        moved = shift + len(item.text) - (item.end - item.start)
        yield Edit(bisect_right(starts, item.start), last, shift, moved)
        shift = moved


def runs(body: Sequence[ast.stmt], edits: Sequence[Edit]) -> list[Run]:
    """The statements on edited lines, with those that share a line with them."""
    found: list[Run] = []
    for edit in edits:
        if found and edit.last <= found[-1].last:
            found[-1].edits.append(edit)
            continue
        start, stop = bisect_left(body, edit.first, key=last_line), bisect_right(body, edit.last, key=first_line)
        first, last = edit.first, edit.last
        while True:
            if start < stop:
                first, last = min(first, first_line(body[start])), max(last, last_line(body[stop - 1]))
            if start and last_line(body[start - 1]) >= first:
                start -= 1
            elif stop < len(body) and first_line(body[stop]) <= last:
                stop += 1
            else:
                break
        if found and found[-1].last >= first:
            known = found.pop()
            found.append(Run(known.start, stop, known.first, max(known.last, last), [*known.edits, edit]))
        else:
            found.append(Run(start, stop, first, last, [edit]))
    return found


def last_line(node: ast.stmt) -> int:
    """The line in which a statement ends."""
    return node.end_lineno or 0


def first_line(node: ast.stmt) -> int:
    """The line in which a statement begins, its decorators included."""
    decorators = getattr(node, "decorator_list", None)
    return min(node.lineno, *(item.lineno for item in decorators)) if decorators else node.lineno
