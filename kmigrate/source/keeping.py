"""How does a source say that uses are to stay as they are: where do the `# kmigrate: ignore[ID]` comments go?"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kmigrate.edits import Span
from kmigrate.source.code import code_stretches
from kmigrate.source.python2.lexer import Token, Unshadowable, tokens
from kmigrate.source.text import Source


@dataclass(frozen=True, slots=True)
class Insertion:
    """Text that goes in front of the character at `start`."""

    start: int
    text: str


def comments(source: Source, uses: Iterable[tuple[int, str]]) -> tuple[Insertion, ...]:
    """The comments that keep uses, each given as its offset and the id of the rule; one comment for each line.

    A comment goes behind the line where the use begins, or, where that line ends within a string or in a backslash, or is a
    command for IPython, on a line of its own above the statement.
    """
    listed = [(rule, _place(source, offset)) for offset, rule in uses]
    above = {(place.at, rule) for rule, place in listed if place.indent is not None}
    places: dict[int, tuple[str | None, set[str]]] = {}
    for rule, place in listed:
        if place.indent is not None or (place.statement, rule) not in above:
            places.setdefault(place.at, (place.indent, set()))[1].add(rule)
    return tuple(Insertion(at, _comment(source, *places[at])) for at in sorted(places))


def inserted(text: str, insertions: Iterable[Insertion]) -> str:
    """The text with the comments."""
    for item in sorted(insertions, key=lambda item: -item.start):
        text = text[: item.start] + item.text + text[item.start :]
    return text


def moved(start: int, end: int, insertions: Iterable[Insertion]) -> tuple[int, int]:
    """Where a stretch of text stands afterwards; a comment right behind it does not make it longer."""
    listed = tuple(insertions)
    before = sum(len(item.text) for item in listed if item.start <= start)
    within = sum(len(item.text) for item in listed if start < item.start < end)
    return start + before, end + before + within


def _comment(source: Source, indent: str | None, rules: set[str]) -> str:
    told = f"# kmigrate: ignore[{', '.join(sorted(rules))}]"
    return f"  {told}" if indent is None else f"{indent}{told}{source.newline}"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a comment goes, and where a line of its own above the same statement would; `indent` where it stands alone."""

    at: int
    statement: int
    indent: str | None = None


def _place(source: Source, offset: int) -> _Place:
    if source.text[offset : offset + 1] in ("%", "!"):
        begin = source.line_starts[source.position(offset).line - 1]
        before = source.text[begin:offset]
        return _Place(begin, begin, before[: len(before) - len(before.lstrip())])
    stretch = _stretch(source, offset)
    text = source.text[stretch.start : stretch.end]
    end = _line_end(source, offset)
    try:
        found = tokens(text)
    except Unshadowable:
        return _Place(end, -1)
    first = next(_starts(found, offset - stretch.start), 0) + stretch.start
    begin = source.line_starts[source.position(first).line - 1]
    here = end - stretch.start
    last = bisect_right(found, here - 1, key=lambda token: token.start) - 1
    in_string = last >= 0 and found[last].kind == "string" and found[last].end > here
    if not in_string and not source.text[:end].endswith("\\"):
        return _Place(end, begin)
    return _Place(begin, begin, source.text[begin:first])


def _starts(found: list[Token], offset: int) -> Iterator[int]:
    """Where the statement around an offset starts."""
    place = bisect_right(found, offset, key=lambda token: token.start) - 1
    while place > 0 and found[place - 1].kind != "newline":
        place -= 1
    if place >= 0:
        yield found[place].start


def _stretch(source: Source, offset: int) -> Span:
    """The stretch of code that holds an offset."""
    return next((span for span in code_stretches(source) if span.start <= offset <= span.end), Span(0, len(source.text)))


def _line_end(source: Source, offset: int) -> int:
    line = source.position(offset).line
    end = source.line_starts[line] if line < len(source.line_starts) else len(source.text)
    return len(source.text[:end].rstrip("\r\n")) if source.text[:end].endswith(("\r", "\n")) else end
