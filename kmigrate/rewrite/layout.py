"""How a call is laid out: where each argument starts and ends, with its parentheses, and how new ones are added."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import NamedTuple

from kmigrate.edits import Span
from kmigrate.source.module import Module

WIDTH = 110
"""The width in columns that a line may reach by added arguments."""


_INK = re.compile(r"[^\t ]")
"""What gives way to a blank below it; the tabs of a line stay."""


class Slot(NamedTuple):
    """One argument in the text.

    `value` spans its value with the parentheses around it, `whole` the keyword and the value.
    """

    whole: Span
    value: Span


class Below(NamedTuple):
    """The end of the line of a comment behind the last argument, the indent of a line below it, and whether a comma is there."""

    at: int
    indent: str
    comma: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of one call: `open` and `close` are the offsets of its parentheses."""

    open: int
    close: int
    slots: tuple[Slot, ...]
    module: Module

    def appended(self, text: str) -> tuple[int, str]:
        """Where and how `text` is added as a last argument, in the style of the call."""
        if not self.slots:
            return self.open + 1, text
        return self.slots[-1].whole.end, f"{self.joiner(text)}{text}"

    def joiner(self, text: str) -> str:
        """What stands between the last argument and `text`: a new line where the call has one argument a line, or where
        the line would grow past WIDTH."""
        source = self.module.text
        last = self.slots[-1].whole
        line_start = _line_start(source, last.start)
        indent = source[line_start : last.start]
        rest = source[last.end : self.close].split("\n", 1)[0]
        newline = self.module.source.newline
        if "#" in rest or not self.module.source.may_break(last.start):
            return ", "
        if indent.strip() == "" and line_start > self.open and len(self.slots) > 1:
            return f",{newline}{indent}"
        if last.end - line_start + len(text) + 2 > WIDTH:
            first = self._first_of_line(line_start) or self.slots[0].whole.start
            start = _line_start(source, first)
            return f",{newline}{_INK.sub(' ', source[start:first])}"
        return ", "

    def _first_of_line(self, line_start: int) -> int | None:
        """Where the argument begins that a line of the call begins with."""
        begin = _spaces(self.module.text, line_start)
        return begin if line_start > self.open and any(slot.whole.start == begin for slot in self.slots) else None

    def below(self) -> Below | None:
        """Where new arguments go in a call with one argument a line, behind the comment of the last of them."""
        source = self.module.text
        last = self.slots[-1].whole
        line_start, end = _line_start(source, last.start), _line_end(source, last.end)
        indent = source[line_start : last.start]
        if indent.strip() or line_start < self.open or end > self.close or "#" not in source[last.end : end]:
            return None
        comma = _find_comma(source, last.end, self.close)
        if end < comma < self.close or not self.module.source.may_break(last.start):
            return None
        return Below(end, indent, comma < end)

    @property
    def comment_before_last(self) -> bool:
        """Whether a comment stands in front of the last argument: its comma stays when the argument goes."""
        if len(self.slots) < 2:
            return False
        return "#" in self.module.text[self.slots[-2].whole.end : self.slots[-1].whole.start]

    def comment_goes_with(self, index: int) -> bool:
        """Whether a comment stands between an argument and its comma: it goes when the argument goes."""
        end = self.slots[index].whole.end
        following = self.slots[index + 1].whole.start if index + 1 < len(self.slots) else self.close
        comma = _find_comma(self.module.text, end, following)
        return comma < following and "#" in self.module.text[end:comma]

    def removals(self, removed: frozenset[int]) -> list[Span]:
        """What goes when these arguments go: they, their commas and the space they leave; comments stay."""
        spans: list[Span] = []
        index = 0
        while index < len(self.slots):
            if index not in removed:
                index += 1
                continue
            last = index
            while last + 1 in removed:
                last += 1
            spans.append(self._removal(index, last))
            index = last + 1
        return spans

    def _removal(self, first: int, last: int) -> Span:
        source = self.module.text
        start, end = self.slots[first].whole.start, self.slots[last].whole.end
        before = self.slots[first - 1].whole.end if first else self.open + 1
        if last + 1 == len(self.slots):
            comma = _find_comma(source, end, self.close)
            if first == 0:
                return Span(start, comma + 1 if comma < self.close else end)
            if "#" in source[before:start]:
                return Span(start, comma + 1 if comma < self.close else end)
            return Span(before, end)
        following = self.slots[last + 1].whole.start
        after_comma = _find_comma(source, end, following) + 1
        gap = source[after_comma:following]
        if "#" in gap:
            alone = first == 0 and start == before  # `f(mode=0,  # why`
            return Span(start, after_comma if alone else _spaces(source, after_comma))
        if _breaks(gap) and not _breaks(source[before:start]) and not (first == 0 and self._below(start, following)):
            return Span(before, end) if first and "#" not in source[before:start] else Span(start, after_comma)
        return Span(start, following)

    def _below(self, start: int, following: int) -> bool:
        """Whether one argument stands right below the other: it takes its place when that goes."""
        source = self.module.text
        above = _INK.sub(" ", source[_line_start(source, start) : start])
        return source[_line_start(source, following) : following] == above


def layout(module: Module, call: ast.Call) -> Layout:
    """The layout of a call; all arguments, positional ones first, in the order of the text."""
    source = module.text
    close = module.end(call) - 1
    position = module.end(call.func)
    while source[position] != "(":
        position = _skip(source, position)
    open_ = position
    nodes: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    if call.args and call.keywords and _place(call.args[-1]) > _place(call.keywords[0]):  # `f(a=1, *args)`
        nodes.sort(key=_place)
    slots: list[Slot] = []
    before = open_ + 1
    for node in nodes:
        value = node.value if isinstance(node, ast.keyword) else node
        inside = module.span(value)
        gap = source[before : inside.start]
        if "(" in gap or "#" in gap or inside.start < before:
            slot = _slot(module, node, inside, before if node is nodes[0] else _find_comma(source, before, close) + 1, close)
        elif value is node:
            slot = Slot(inside, inside)
        else:
            slot = Slot(Span(module.start(node), inside.end), inside)
        slots.append(slot)
        before = slot.value.end
    return Layout(open_, close, tuple(slots), module)


def _slot(module: Module, node: ast.expr | ast.keyword, inside: Span, position: int, close: int) -> Slot:
    """An argument from `position` on whose value may stand in parentheses, or a comment before it."""
    source = module.text
    start = value_start = _next_token(source, min(position, close))
    if isinstance(node, ast.keyword):
        value_start = _next_token(source, source.index("=", start) + 1) if node.arg is not None else inside.start
    end = _closed(source, inside.end, value_start, inside.start, close)
    return Slot(Span(start, end), Span(value_start, end))


def _place(node: ast.expr | ast.keyword) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _closed(source: str, end: int, value_start: int, inner_start: int, limit: int) -> int:
    """The end of a value once the parentheses opened before it are closed."""
    depth = 0
    position = value_start
    while position < inner_start:
        if source[position] == "#":
            position = _line_end(source, position)
            continue
        depth += source[position] == "("
        position += 1
    while depth and end < limit:
        if source[end] == "#":
            end = _line_end(source, end)
            continue
        depth -= source[end] == ")"
        end += 1
    return end


def _next_token(source: str, position: int) -> int:
    while source[position] in " \t\r\n\f\\#":
        position = _line_end(source, position) if source[position] == "#" else position + 1
    return position


def _skip(source: str, position: int) -> int:
    return _line_end(source, position) if source[position] == "#" else position + 1


def _line_end(source: str, position: int) -> int:
    while position < len(source) and source[position] not in "\r\n":
        position += 1
    return position


def _line_start(source: str, position: int) -> int:
    while position > 0 and source[position - 1] not in "\r\n":
        position -= 1
    return position


def _find_comma(source: str, position: int, limit: int) -> int:
    """The offset of the next comma before `limit`, comments skipped; `limit` if there is none."""
    while position < limit:
        if source[position] == "#":
            position = _line_end(source, position)
            continue
        if source[position] == ",":
            return position
        position += 1
    return limit


def _spaces(source: str, position: int) -> int:
    while source[position] in " \t":
        position += 1
    return position


def _breaks(text: str) -> bool:
    return "\n" in text or "\r" in text
