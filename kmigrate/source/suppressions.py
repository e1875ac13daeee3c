"""Where does a source say `# kmigrate: ignore`, and which lines does each such comment speak for?"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kmigrate.edits import Span
from kmigrate.source.code import code_stretches
from kmigrate.source.python2.lexer import Token, Unshadowable, tokens
from kmigrate.source.text import Source

MARK = "kmigrate:"
"""What a source without such comments does not hold; asked first, because hardly any file has it."""


@dataclass(frozen=True, slots=True)
class Ignore:
    """A comment: for which rules (ids or their beginnings; none means all), and from which line to which, both included.

    `start` is its offset. `alone` says that it stands on a line of its own and speaks for the statement below.
    """

    start: int
    text: str
    ids: tuple[str, ...]
    first: int
    last: int
    alone: bool

    def covers(self, first: int, last: int) -> bool:
        """Whether it speaks for a use on these lines: one that begins or, behind code, ends where the comment looks."""
        return self.first <= first <= self.last or (not self.alone and last == self.first)

    def matches(self, rule: str) -> str | None:
        """The id of the comment that means the rule; an empty one where the comment means all rules."""
        if not self.ids:
            return ""
        return next((id for id in self.ids if rule.startswith(id)), None)


@dataclass(frozen=True, slots=True)
class Ignores:
    """The comments of a source; `file` is the offset of the one that leaves out the whole file, whatever the rule."""

    listed: tuple[Ignore, ...] = ()
    file: int | None = None

    def __bool__(self) -> bool:
        return bool(self.listed) or self.file is not None


NONE = Ignores()


def ignores(source: Source) -> Ignores:
    """All ignore comments of a source; what looks like one inside a string is none."""
    if MARK not in source.text or _COMMENT.search(source.text) is None:
        return NONE
    listed: list[Ignore] = []
    for stretch in code_stretches(source):
        for item in _of_stretch(source, stretch):
            if isinstance(item, int):
                return Ignores((), item)
            listed.append(item)
    return Ignores(tuple(listed))


_COMMENT = re.compile(
    r"#[ \t]*kmigrate:[ \t]*ignore(?P<file>-file)?(?:[ \t]*\[(?P<ids>[^\]\r\n#]*)\]|(?![-\w\[]))", re.IGNORECASE
)
_LINE_END = re.compile(r"\r\n|\r|\n|\Z")


def _of_stretch(source: Source, stretch: Span) -> Iterator[Ignore | int]:
    text = source.text[stretch.start : stretch.end]
    found = _tokens(text)
    for match in _COMMENT.finditer(text):
        if found is not None and _in_token(found, match.start()):
            continue
        start = stretch.start + match.start()
        if match["file"] and match["ids"] is None:
            yield start
            return
        ids = tuple(id for id in re.split(r"[\s,]+", (match["ids"] or "").upper()) if id)
        if match["file"] or (match["ids"] is not None and not ids):  # one that names no rule means none
            yield Ignore(start, match[0], ids, 1, len(source.line_starts) if ids else 0, alone=True)
            continue
        line = source.position(start).line
        begin = source.line_starts[line - 1]
        alone = source.text[begin:start].strip() in ("", "#")
        first, last = _below(source, stretch, found or (), match.end()) if alone else (line, line)
        yield Ignore(start, match[0], ids, first, last, alone)


def _tokens(text: str) -> Sequence[Token] | None:
    try:
        return tokens(text)
    except Unshadowable:
        return None


def _in_token(found: Sequence[Token], offset: int) -> bool:
    place = bisect_left(found, offset, key=lambda token: token.start) - 1
    return place >= 0 and found[place].kind == "string" and offset < found[place].end


def _below(source: Source, stretch: Span, found: Sequence[Token], end: int) -> tuple[int, int]:
    """The lines of the logical line below a comment; within brackets, or where the text makes no sense, the next line."""
    place = bisect_left(found, end, key=lambda token: token.start)
    depth = sum((token.text in "([{") - (token.text in ")]}") for token in found[:place] if token.kind == "op")
    while place < len(found) and found[place].kind == "newline":
        place += 1
    if place == len(found):
        line_end = _LINE_END.search(source.text, stretch.start + end)
        line = source.position(line_end.end() if line_end else len(source.text)).line
        return line, line
    first = source.position(stretch.start + found[place].start).line
    if depth > 0:
        return first, first
    while place < len(found) and found[place].kind != "newline":
        place += 1
    stop = found[min(place, len(found) - 1)].start
    return first, source.position(stretch.start + stop).line
