"""What is the syntax tree of an edited text, when only the statements that were edited are parsed again?

Parsing is the dearest part of proving a result, and most of a file stays as it was. An edited statement is parsed where
it stands, behind as many empty lines, and put among the old ones; inside functions and classes the same is done again.
"""

from __future__ import annotations

import ast
import copy
import warnings
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from kmigrate.edits import Replacement
from kmigrate.source.text import Source


def reparsed(
    tree: ast.Module, before: Source, after: Source, replacements: Sequence[Replacement]
) -> ast.Module | None:
    """The tree of `after`, sharing the nodes of `tree` that stand on lines without a replacement.

    None where this can't be told so cheaply: lines came or went, so that all behind them moved; an edit stands outside
    of statements; a statement does not parse by itself. Parse the whole text then: it gives the tree, or the reason.
    """
    if len(before.line_starts) != len(after.line_starts) or not all(_keeps_lines(before, item) for item in replacements):
        return None
    edited = [Lines(before.position(item.start).line, before.position(item.end).line) for item in replacements]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            body = _suite(tree.body, edited, after)
        except (SyntaxError, ValueError):
            return None
    return ast.Module(body, []) if body is not None else None


@dataclass(frozen=True, slots=True)
class Lines:
    """A stretch of lines, counted from 1, both ends included."""

    first: int
    last: int

    def holds(self, other: Lines) -> bool:
        """Whether all lines of the other are in this one."""
        return self.first <= other.first and other.last <= self.last


def _keeps_lines(before: Source, item: Replacement) -> bool:
    old = before.text[item.start : item.end]
    return old.count("\n") == item.text.count("\n") and old.count("\r") == item.text.count("\r")


def _suite(body: Sequence[ast.stmt], edited: Sequence[Lines], after: Source) -> list[ast.stmt] | None:
    """The statements of a block after the edits; None if an edit is not inside one of them alone."""
    places = [_lines(statement) for statement in body]
    starts = [place.first for place in places]
    inside: dict[int, list[Lines]] = {}
    for lines in edited:
        number = bisect_right(starts, lines.last) - 1
        if number < 0 or not places[number].holds(lines) or (number and places[number - 1].last >= lines.first):
            return None
        inside.setdefault(number, []).append(lines)
    found = list(body)
    for number, held in inside.items():
        found[number] = _statement(body[number], places[number], held, after)
    return found


def _statement(node: ast.stmt, place: Lines, edited: Sequence[Lines], after: Source) -> ast.stmt:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        block = Lines(_lines(node.body[0]).first, place.last)
        if block.first > node.lineno and all(block.holds(lines) for lines in edited):
            body = _suite(node.body, edited, after)
            if body is not None:
                changed = copy.copy(node)
                changed.body = body
                changed.end_col_offset = body[-1].end_col_offset
                return changed
    return _parsed(place, after, indented=bool(node.col_offset))


def _parsed(place: Lines, after: Source, *, indented: bool) -> ast.stmt:
    """The one statement on these lines of the text. Raises SyntaxError."""
    starts = after.line_starts
    end = starts[place.last] if place.last < len(starts) else len(after.text)
    text = after.text[starts[place.first - 1] : end]
    if indented:
        tree = ast.parse("\n" * (place.first - 2) + "if 1:\n" + text)
        header = tree.body[0]
        assert isinstance(header, ast.If)
        body, rest = header.body, tree.body[1:] + header.orelse
    else:
        body, rest = ast.parse("\n" * (place.first - 1) + text).body, []
    if len(body) != 1 or rest or _lines(body[0]) != place:
        raise SyntaxError("the edited lines are another number of statements")
    return body[0]


def _lines(node: ast.stmt) -> Lines:
    decorators = getattr(node, "decorator_list", ())
    return Lines(min(node.lineno, *(item.lineno for item in decorators)) if decorators else node.lineno, node.end_lineno or 0)
