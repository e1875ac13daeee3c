"""How text changes: frozen edits, nested without conflict, rendered in one go.

Offsets count characters of the decoded text, line ends as they are in the file. The replacement of an edit is a
sequence of pieces: literal text, or a `Span` of the original text that is rendered with the edits inside it. That is
what lets an outer call be restructured while its arguments are rewritten by other rules.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from enum import Enum
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from kmigrate.errors import OverlappingEdits


class Confidence(str, Enum):
    """How sure an edit is. `UNSAFE` edits are applied on request only."""

    SAFE = "safe"
    UNSAFE = "unsafe"


class _Offsets(NamedTuple):
    start: int
    end: int


class Span(_Offsets):
    """A stretch of the original text, `start` included, `end` not."""

    __slots__ = ()

    def __new__(cls, start: int, end: int) -> Span:
        if not 0 <= start <= end:
            raise ValueError(f"not a span: {start}..{end}")
        return tuple.__new__(cls, (start, end))

    def contains(self, other: Span) -> bool:
        """Whether `other` lies within this span."""
        return self.start <= other.start and other.end <= self.end


Piece: TypeAlias = "str | Span"


class Edit(NamedTuple):
    """Replace `start..end` by the pieces, because of `rule`.

    `inner` marks an insertion that travels with the text beside it when an outer edit moves that text; without it an
    insertion at the edge of an outer edit stays outside.
    """

    start: int
    end: int
    pieces: tuple[Piece, ...]
    rule: str
    confidence: Confidence = Confidence.SAFE
    inner: bool = False

    @property
    def span(self) -> Span:
        """The replaced stretch of the original text."""
        return Span(self.start, self.end)


class Replacement(NamedTuple):
    """An edit after rendering: plain text, never overlapping another."""

    start: int
    end: int
    text: str
    rules: tuple[str, ...]
    confidence: Confidence


def replace(start: int, end: int, *pieces: Piece, rule: str, confidence: Confidence = Confidence.SAFE) -> Edit:
    """An edit that puts `pieces` in the place of `start..end`; without pieces it deletes."""
    return Edit(start, end, tuple(piece for piece in pieces if piece != ""), rule, confidence)


def insert(
    at: int, text: str, *, rule: str, confidence: Confidence = Confidence.SAFE, inner: bool = False
) -> Edit:
    """An edit that inserts `text` before the character at offset `at`."""
    return Edit(at, at, (text,), rule, confidence, inner)


def render(text: str, edits: Iterable[Edit]) -> str:
    """The text after all edits.

    Raises OverlappingEdits when two edits overlap without one holding the other.
    """
    return applied(text, flatten(text, edits))


def applied(text: str, replacements: Iterable[Replacement]) -> str:
    """The text after replacements that come in order."""
    out: list[str] = []
    position = 0
    for item in replacements:
        out += (text[position : item.start], item.text)
        position = item.end
    out.append(text[position:])
    return "".join(out)


def flatten(text: str, edits: Iterable[Edit]) -> tuple[Replacement, ...]:
    """The outermost edits in order, each with its spans rendered.

    A span is rendered with every edit that lies in it, wherever the span stands: text can move and be written twice.
    Equal edits count once (two rules that ask for the same deletion agree). Raises OverlappingEdits otherwise.
    """
    ordered = sorted(edits, key=lambda edit: (edit.start, -edit.end))
    if any(one.start == other.start and one.end == other.end for one, other in pairwise(ordered)):
        ordered = list(dict.fromkeys(ordered))
    _check(ordered)
    return tuple(_flatten(text, ordered, ordered))


def _check(ordered: Sequence[Edit]) -> None:
    stack: list[Edit] = []
    for edit in ordered:
        if edit.start == edit.end:
            continue
        while stack and stack[-1].end <= edit.start:
            stack.pop()
        if stack and edit.end > stack[-1].end:
            outer = stack[-1]
            raise OverlappingEdits(
                f"edits of {outer.rule} ({outer.start}..{outer.end}) and {edit.rule} ({edit.start}..{edit.end}) overlap",
                hint="please report this file; it was left as it is",
            )
        stack.append(edit)


def _outermost(edits: Sequence[Edit]) -> list[Edit]:
    found: list[Edit] = []
    end = -1
    for edit in edits:
        if edit.start != edit.end and edit.start >= end:
            found.append(edit)
            end = edit.end
    holders = list(found)
    starts = [edit.start for edit in holders]
    for edit in edits:
        if edit.start == edit.end:
            place = bisect_right(starts, edit.start)
            if not any(_holds(outer, edit) for outer in holders[max(0, place - 2) : place]):
                found.append(edit)
    return sorted(found, key=lambda edit: (edit.start, edit.end))


def _holds(outer: Edit, insertion: Edit) -> bool:
    """Whether an insertion belongs inside an edit."""
    offset = insertion.start
    if outer.start < offset < outer.end:
        return True
    if not insertion.inner or offset not in (outer.start, outer.end):
        return False
    return any(offset in (piece.start, piece.end) for piece in outer.pieces if isinstance(piece, Span))


def _flatten(text: str, edits: Sequence[Edit], every: Sequence[Edit]) -> Iterable[Replacement]:
    pending: Replacement | None = None
    for edit in _outermost(edits):
        done = _resolve(text, edit, every)
        if pending and pending.start == pending.end == done.start == done.end:
            pending = _joined(pending, done)
            continue
        if pending:
            yield pending
        pending = done
    if pending:
        yield pending


def _joined(first: Replacement, second: Replacement) -> Replacement:
    return Replacement(
        first.start, second.end, first.text + second.text,
        tuple(dict.fromkeys(first.rules + second.rules)),
        Confidence.UNSAFE if Confidence.UNSAFE in (first.confidence, second.confidence) else Confidence.SAFE,
    )  # fmt: skip


def _resolve(text: str, edit: Edit, every: Sequence[Edit]) -> Replacement:
    rules = [edit.rule]
    confidence = edit.confidence
    out: list[str] = []
    for piece in edit.pieces:
        if isinstance(piece, str):
            out.append(piece)
            continue
        position = piece.start
        for inner in _flatten(text, _within(piece, edit, every), every):
            out.append(text[position : inner.start])
            out.append(inner.text)
            rules.extend(inner.rules)
            if inner.confidence is Confidence.UNSAFE:
                confidence = Confidence.UNSAFE
            position = inner.end
        out.append(text[position : piece.end])
    return Replacement(edit.start, edit.end, "".join(out), tuple(dict.fromkeys(rules)), confidence)


def _within(piece: Span, owner: Edit, every: Sequence[Edit]) -> list[Edit]:
    """The edits that belong to a span of the original text."""
    first = bisect_left(every, piece.start, key=lambda edit: edit.start)
    last = bisect_right(every, piece.end, key=lambda edit: edit.start)
    return [
        edit
        for edit in every[first:last]
        if edit is not owner
        and edit.end <= piece.end
        and not _encloses(edit, owner)
        and (edit.start != edit.end or piece.start < edit.start < piece.end or edit.inner)
    ]


def _encloses(edit: Edit, owner: Edit) -> bool:
    """Whether the owner of a span stands inside of an edit; an insertion right beside the edited text does not."""
    beside = owner.start == owner.end and not owner.inner and edit.start != edit.end and owner.start in (edit.start, edit.end)
    return not beside and edit.span.contains(owner.span)
