"""What is the syntax tree of an edited text, when only the statements that were edited are parsed again?

Parsing is the dearest part of proving a result, and most of a file stays as it was. An edited statement is parsed where
it stands, behind as many empty lines, and put among the old ones; inside functions and classes the same is done again.
"""

from __future__ import annotations

import ast
import copy
import re
import warnings
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TypeAlias

from kmigrate.edits import Replacement
from kmigrate.source.text import Source


def reparsed(
    tree: ast.Module, before: Source, after: Source, replacements: Sequence[Replacement]
) -> ast.Module | None:
    """The tree of `after`, sharing the nodes of `tree` that stand on lines without a replacement.

    None where this can't be told so cheaply: lines came or went, so that statements behind them moved; an edit stands outside
    of statements; a statement does not parse by itself. Parse the whole text then: it gives the tree, or the reason.
    """
    starts = before.line_starts
    if len(starts) != len(after.line_starts):
        return None
    edited = [
        (bisect_right(starts, item.start), bisect_right(starts, item.end), _growth(before, item)) for item in replacements
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            body = _suite(tree.body, edited, after)
        except (SyntaxError, ValueError):
            return None
    return ast.Module(body, []) if body is not None else None


Lines: TypeAlias = tuple[int, int]
"""A stretch of lines, counted from 1, both ends included."""

Edited: TypeAlias = tuple[int, int, int]
"""The first and last line of an edit, and how many lines it adds."""

_LINE_END = re.compile(r"\r\n|\r|\n")


def _growth(before: Source, item: Replacement) -> int:
    old, new = before.text[item.start : item.end], item.text
    if "\r" in old or "\r" in new:
        return len(_LINE_END.findall(new)) - len(_LINE_END.findall(old))
    return new.count("\n") - old.count("\n")


def _suite(body: Sequence[ast.stmt], edited: Sequence[Edited], after: Source) -> list[ast.stmt] | None:
    """The statements of a block after the edits; None if one of them moves, or an edit is not inside one of them alone."""
    starts = [_first(statement) for statement in body]
    inside: dict[int, list[Edited]] = {}
    for lines in edited:
        number = bisect_right(starts, lines[1]) - 1
        if number < 0 or not _holds(starts[number], body[number], lines):
            return None
        if number and (body[number - 1].end_lineno or 0) >= lines[0]:
            return None
        inside.setdefault(number, []).append(lines)
    if any(sum(growth for _, _, growth in held) for held in inside.values()):
        return None
    found = list(body)
    whole: list[int] = []
    for number, held in inside.items():
        changed = _definition(body[number], held, after)
        if changed is not None:
            found[number] = changed
        else:
            whole.append(number)
    for first, last in _runs(sorted(whole)):
        place = starts[first], body[last].end_lineno or 0
        found[first : last + 1] = _parsed(place, body[first : last + 1], after)
    return found


def _definition(node: ast.stmt, edited: Sequence[Edited], after: Source) -> ast.stmt | None:
    """A function or class of which only the block was edited; None for all else."""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return None
    first = _first(node.body[0])
    if first <= node.lineno or any(lines[0] < first for lines in edited):
        return None
    body = _suite(node.body, edited, after)
    if body is None:
        return None
    changed = copy.copy(node)
    changed.body = body
    changed.end_col_offset = body[-1].end_col_offset
    return changed


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of neighbours."""
    for _, run in groupby(enumerate(numbers), lambda item: item[1] - item[0]):
        listed = [number for _, number in run]
        yield listed[0], listed[-1]


def _parsed(place: Lines, old: Sequence[ast.stmt], after: Source) -> list[ast.stmt]:
    """The statements on these lines of the text, which stand where the old ones did. Raises SyntaxError."""
    starts = after.line_starts
    end = starts[place[1]] if place[1] < len(starts) else len(after.text)
    text = after.text[starts[place[0] - 1] : end]
    if old[0].col_offset:
        tree = ast.parse("\n" * (place[0] - 2) + "if 1:\n" + text)
        header = tree.body[0]
        assert isinstance(header, ast.If)
        body, rest = header.body, tree.body[1:] + header.orelse
    else:
        body, rest = ast.parse("\n" * (place[0] - 1) + text).body, []
    if rest or [_place(node) for node in body] != [_place(node) for node in old]:
        raise SyntaxError("the edited lines are another number of statements")
    return body


def _holds(first: int, node: ast.stmt, lines: Edited) -> bool:
    """Whether all the lines of an edit are those of the statement, which begins in the line `first`."""
    return first <= lines[0] and lines[1] <= (node.end_lineno or 0)


def _place(node: ast.stmt) -> Lines:
    return _first(node), node.end_lineno or 0


def _first(node: ast.stmt) -> int:
    """The line in which a statement begins, its decorators included."""
    decorators = getattr(node, "decorator_list", None)
    return min(node.lineno, *(item.lineno for item in decorators)) if decorators else node.lineno
