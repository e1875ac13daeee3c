"""How continuation lines stay aligned with an opening bracket that moved because text before it changed its length."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kmigrate.edits import Edit, Replacement, flatten, insert, replace
from kmigrate.rewrite.comment_columns import kept_columns
from kmigrate.source.module import Module

_TOKEN = re.compile(
    r"'''(?:[^\\]|\\.)*?'''|\"\"\"(?:[^\\]|\\.)*?\"\"\"|'(?:[^\\'\r\n]|\\.)*'|\"(?:[^\\\"\r\n]|\\.)*\""
    r"|#[^\r\n]*|\(|\[|\{|\)|\]|\}|\r\n|\r|\n",
    re.DOTALL,
)
"""Strings, comments, brackets and line ends. Each alternative begins with a plain character: text between is passed by fast."""

_KINDS = {"(": "open", "[": "open", "{": "open", ")": "close", "]": "close", "}": "close", "\r": "line", "\n": "line"}
_LINE_END = re.compile(r"[\r\n]")
_INDENT = re.compile(r"[ ]*")
_BREAK = re.compile(r"(\r\n|\r|\n)([ ]+)")


@dataclass(frozen=True, slots=True)
class _Bracket:
    """An open bracket: its line, and where the text behind it starts if that is on the same line."""

    line: int
    inside: int
    column: int | None


@dataclass(frozen=True, slots=True)
class _Line:
    """A continuation line: its number, its start, and where the text behind the innermost bracket starts that is open there."""

    number: int
    start: int
    inside: int


def realigned(module: Module, statements: Iterable[ast.stmt], edits: list[Edit]) -> tuple[Replacement, ...]:
    """The replacements of the edits, and of those that move continuation lines along with their bracket and keep comments
    behind the code in their column.

    Raises OverlappingEdits.
    """
    replacements = flatten(module.text, edits)
    if not replacements:
        return ()
    every = list(dict.fromkeys(statements))
    breaks = any(isinstance(piece, str) and _BREAK.search(piece) for edit in edits for piece in edit.pieces)
    simple = [
        statement for statement in every
        if not hasattr(statement, "body") and (breaks or statement.end_lineno != statement.lineno)
    ]  # fmt: skip
    starts = [item.start for item in replacements]
    found = list(edits)
    for statement in simple:
        start, end = module.start(statement), module.end(statement)
        inside = replacements[bisect_left(starts, start) : bisect_right(starts, end)]
        if inside and (breaks or _LINE_END.search(module.text, inside[0].start, end)):
            _Statement(module, start, end, [item for item in inside if item.end <= end]).shift(found, breaks=breaks)
    if found != edits:
        replacements = flatten(module.text, found)
    columns = kept_columns(module, every, replacements)
    return flatten(module.text, [*found, *columns]) if columns else replacements


class _Statement:
    """The changes of one statement: nothing moves without any."""

    def __init__(self, module: Module, start: int, end: int, replacements: Sequence[Replacement]) -> None:
        self.module = module
        self.start, self.end = start, end
        self.replacements = replacements
        self.shifts: dict[int, int] = {}
        self.widths: dict[int, int] = {}
        self._seen: dict[int, _Bracket] = {}

    def shift(self, edits: list[Edit], *, breaks: bool) -> None:
        """Add the edits of this statement; lines that were inserted, where there are `breaks`, are moved in their edits."""
        moved: list[tuple[_Line, int]] = []
        for line in self._lines():
            width = self._indent(line.start)
            shift = self._shift(self._bracket(line.inside), width)
            self.shifts[line.number], self.widths[line.number] = shift, width
            if shift and not any(item.start < line.start + width and line.start <= item.end for item in self.replacements):
                moved.append((line, shift))
        for line, shift in moved:
            rule = self.replacements[0].rules[0]
            if shift > 0:
                edits.append(insert(line.start, " " * shift, rule=rule))
            elif -shift <= self._indent(line.start):
                edits.append(replace(line.start, line.start - shift, rule=rule))
        if breaks:
            self._move_inserted(edits)

    def _move_inserted(self, edits: list[Edit]) -> None:
        brackets: list[tuple[int, int, int]] | None = None
        for index, edit in enumerate(edits):
            if edit.start != edit.end or not self.start < edit.start <= self.end:
                continue
            if not any(isinstance(piece, str) and _BREAK.search(piece) for piece in edit.pieces):
                continue
            if brackets is None:
                brackets = list(self._brackets())
            inside = next((inside for first, last, inside in brackets if first < edit.start <= last), None)
            if inside is None:
                continue
            bracket = self._bracket(inside)
            edits[index] = edit._replace(
                pieces=tuple(self._moved(piece, bracket) if isinstance(piece, str) else piece for piece in edit.pieces)
            )

    def _moved(self, text: str, bracket: _Bracket) -> str:
        return _BREAK.sub(
            lambda found: found.group(1) + " " * (len(found.group(2)) + self._shift(bracket, len(found.group(2)))), text
        )

    def _shift(self, bracket: _Bracket, width: int) -> int:
        """By how much a line of this indentation moves: with the text behind its bracket, or with the line that it belongs to."""
        outer = self._outer(bracket.line, width)
        if bracket.column != width:
            return outer
        line_start = self.module.source.line_starts[bracket.line - 1]
        grown = 0
        for item in self.replacements:
            if line_start <= item.start < bracket.inside and item.end <= bracket.inside:
                if "\n" in item.text or "\r" in item.text:
                    return outer
                grown += len(item.text) - (item.end - item.start)
        return outer + grown

    def _outer(self, number: int, width: int) -> int:
        """The shift of the bracket's line, or of the last one before it that is indented no more than this one."""
        while self.widths.get(number, 0) > width:
            number -= 1
        return self.shifts.get(number, 0)

    def _lines(self) -> Iterator[_Line]:
        """The continuation lines, those inside strings left out."""
        for kind, offset, stack in self._tokens():
            if kind == "line" and stack:
                yield _Line(self.module.source.line(offset), offset, stack[-1])

    def _brackets(self) -> Iterator[tuple[int, int, int]]:
        """(start, end, start of the text behind it) of every bracket, innermost first."""
        opened: list[tuple[int, int]] = []
        for kind, offset, stack in self._tokens():
            if kind == "open":
                opened.append((offset, stack[-1]))
            elif kind == "close" and opened:
                first, inside = opened.pop()
                yield first, offset, inside

    def _tokens(self) -> Iterator[tuple[str, int, list[int]]]:
        """Brackets and line starts, each with the brackets that are open behind it, by where the text behind them starts."""
        stack: list[int] = []
        text = self.module.text
        for token in _TOKEN.finditer(text, self.start, self.end):
            kind = _KINDS.get(text[token.start()])
            if kind == "open":
                stack.append(token.end())
                yield "open", token.start(), stack
            elif kind == "close" and stack:
                yield "close", token.start(), stack
                stack.pop()
            elif kind == "line":
                yield "line", token.end(), stack

    def _bracket(self, inside: int) -> _Bracket:
        """The bracket behind which `inside` is."""
        if inside not in self._seen:
            self._seen[inside] = self._looked_at(inside)
        return self._seen[inside]

    def _looked_at(self, inside: int) -> _Bracket:
        text = self.module.text
        first = inside + self._indent(inside)
        position = self.module.source.position(inside)
        empty = text[first : first + 1] in ("", "\r", "\n", "#")
        return _Bracket(position.line, first, None if empty else position.column - 1 + first - inside)

    def _indent(self, offset: int) -> int:
        found = _INDENT.match(self.module.text, offset)
        return len(found.group(0)) if found else 0
