"""Where in a document do the blocks of Python code stand, and what belongs to the document in front of each line?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from kmigrate.edits import Span

Markup: TypeAlias = Literal["markdown", "rst"]


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines of a document that are code: Python by its label, or code without one (`named` is False)."""

    span: Span
    named: bool


def code_blocks(text: str, markup: Markup) -> tuple[Block, ...]:
    """The blocks that are, or may be, Python: fenced ones, or those of directives, `::` and `>>>`."""
    lines = [_Line(match.start(), match.group()) for match in _LINE.finditer(text) if match.group()]
    found = _fenced(lines) if markup == "markdown" else _directed(lines)
    return tuple(Block(Span(first.start, last.end), named) for first, last, named in found)


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def content(self) -> str:
        return self.text.rstrip("\r\n")

    @property
    def blank(self) -> bool:
        return not self.text.strip()

    @property
    def indent(self) -> int:
        return len(self.content) - len(self.content.lstrip())


_Found: TypeAlias = "tuple[_Line, _Line, bool]"
"""The first and the last line of a block, and whether it is labelled as Python."""

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
_FENCE = re.compile(r"(?:[ \t]*(?:>|[-*+]|\d+[.)])(?=[ \t]))*[ \t]*(`{3,}(?=[^`]*$)|~{3,})[ \t]*(.*)")
_CLOSING = re.compile(r"(?:[ \t]*>)*[ \t]*(`{3,}|~{3,})[ \t]*$")
_LABEL = re.compile(r"\{?[ \t]*\.?([\w+-]*)")
_PYTHON = frozenset("python python2 python3 py py2 py3 pycon ipython ipython2 ipython3 default testcode doctest".split())
_DIRECTIVE = re.compile(r"[ \t]*\.\.[ \t]+(code-block|code|sourcecode|testcode|doctest)::[ \t]*([\w+-]*)")
_OPTION = re.compile(r"[ \t]+:[\w-]+:")
_LITERAL = re.compile(r"(?![ \t]*\.\.[ \t]).*::[ \t]*$")
_PROMPT = re.compile(r"[ \t]*>>>(?:[ \t]|$)")


def _fenced(lines: Sequence[_Line]) -> Iterator[_Found]:
    """Fenced blocks of Markdown, also in lists and quotes; one that nothing closes runs to the end."""
    number = 0
    while number < len(lines):
        opening = _FENCE.match(lines[number].content)
        number += 1
        if opening is None:
            continue
        first = number
        while number < len(lines) and not _closes(lines[number], opening.group(1)):
            number += 1
        label = _LABEL.match(opening.group(2))
        name = label.group(1).lower() if label else ""
        if first < number and (name in _PYTHON or not name):
            yield lines[first], lines[number - 1], bool(name)
        number += 1


def _closes(line: _Line, fence: str) -> bool:
    closing = _CLOSING.match(line.content)
    return closing is not None and closing.group(1).startswith(fence)


def _directed(lines: Sequence[_Line]) -> Iterator[_Found]:
    """Blocks of directives and those behind `::`, which are indented deeper, and interactive sessions."""
    number = 0
    while number < len(lines):
        line = lines[number]
        directive = _DIRECTIVE.match(line.content)
        number += 1
        if directive is not None or _LITERAL.match(line.content):
            first, number = _indented(lines, number, line.indent)
            name = (directive.group(2) or directive.group(1)).lower() if directive else ""
            named = name in _PYTHON
            if first < number and (named or name in ("", "code", "code-block", "sourcecode")):
                yield lines[first], lines[number - 1], named
        elif _PROMPT.match(line.content):
            while number < len(lines) and not lines[number].blank:
                number += 1
            yield line, lines[number - 1], True


def _indented(lines: Sequence[_Line], number: int, indent: int) -> tuple[int, int]:
    """The first line of the block that follows, its options left out, and the one behind its last."""
    while number < len(lines) and _OPTION.match(lines[number].content):
        number += 1
    first = last = number
    while number < len(lines) and (lines[number].blank or lines[number].indent > indent):
        number += 1
        if not lines[number - 1].blank:
            last = number
    while first < last and lines[first].blank:
        first += 1
    return first, last
