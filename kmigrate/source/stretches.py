"""How do stretches of Python in one text become one tree, though some of them are Python 2 and some no Python at all?"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kmigrate.edits import Span
from kmigrate.source.python2.canvas import Shadow
from kmigrate.source.python2.lexer import Unshadowable
from kmigrate.source.python2.shadow import cast_shadow
from kmigrate.source.python2.tree import tree_of
from kmigrate.source.text import Source


@dataclass(frozen=True, slots=True)
class Unread:
    """A stretch that is not read as Python, the offset of what is wrong with it, and why."""

    span: Span
    at: int
    reason: str


@dataclass(frozen=True, slots=True)
class Read:
    """The tree of all stretches that can be read, whether one of them is Python 2, and those that cannot be read."""

    tree: ast.Module
    python2: bool
    unread: tuple[Unread, ...]


def read_stretches(text: str, stretches: Sequence[Span]) -> Read:
    """The tree of a text. A stretch that cannot be read counts as a comment; it stops no other, and helps none.

    Raises SyntaxError for what stands outside of all stretches, and RecursionError or MemoryError.
    """
    try:
        tree = ast.parse(text)
        if _each_alone(tree, text, stretches):
            return Read(tree, False, ())
        raise SyntaxError("a statement goes on in another stretch")
    except SyntaxError:
        read = [_read(text[span.start : span.end], span) for span in stretches]
        tree = tree_of(_whole(text, stretches, [one.shadow for one in read]))
        unread = tuple(one.unread for one in read if one.unread is not None)
        return Read(tree, any(one.python2 for one in read), unread)


def commented(text: str) -> str:
    """The text with the first character of each line painted over by a `#`."""
    return _LINE_START.sub("#", text)


def repainted(text: str, stretches: Sequence[Span], new: Sequence[str]) -> str:
    """The text with a new look of the same length for each stretch."""
    return "".join(_pieces(text, stretches, new))


_LINE_START = re.compile(r"(?<![^\r\n])[^\r\n]")


@dataclass(frozen=True, slots=True)
class _One:
    shadow: Shadow
    python2: bool = False
    unread: Unread | None = None


def _each_alone(tree: ast.Module, text: str, stretches: Sequence[Span]) -> bool:
    """Whether no statement starts in one stretch and ends in another."""
    lines = Source(None, text)
    ends = [lines.position(span.end).line for span in stretches]
    for statement in tree.body:
        decorators = getattr(statement, "decorator_list", [])
        first = min((node.lineno for node in decorators), default=statement.lineno)
        if bisect_right(ends, first - 1) != bisect_right(ends, (statement.end_lineno or first) - 1):
            return False
    return True


def _read(text: str, span: Span) -> _One:
    try:
        ast.parse(text)
        return _One(Shadow(text, {}, {}))
    except SyntaxError as error:
        try:
            shadow = cast_shadow(text)
            tree_of(shadow)
            return _One(shadow, python2=True)
        except (Unshadowable, SyntaxError):
            starts = Source(None, text).line_starts
            at = span.start + starts[min(error.lineno or 1, len(starts)) - 1]
            return _One(Shadow(commented(text), {}, {}), unread=Unread(span, at, error.msg))


def _whole(text: str, stretches: Sequence[Span], shadows: Sequence[Shadow]) -> Shadow:
    """One shadow from those of the stretches."""
    starts: dict[int, int] = {}
    renamed: dict[str, str] = {}
    for span, shadow in zip(stretches, shadows, strict=True):
        starts.update((there + span.start, here + span.start) for there, here in shadow.starts.items())
        renamed.update(shadow.renamed)
    new = repainted(text, stretches, [shadow.text for shadow in shadows])
    return Shadow(new, starts, renamed, any(shadow.caught for shadow in shadows))


def _pieces(text: str, stretches: Sequence[Span], new: Sequence[str]) -> Iterator[str]:
    position = 0
    for span, look in zip(stretches, new, strict=True):
        yield text[position : span.start]
        yield look
        position = span.end
    yield text[position:]
