"""How text changes: frozen edits, nested without conflict, rendered in one go.

Offsets count characters of the decoded text, line ends as they are in the file. The replacement of an edit is a
sequence of pieces: literal text, or a `Span` of the original text that is rendered with the edits inside it. That is
what lets an outer call be restructured while its arguments are rewritten by other rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from kmigrate.errors import OverlappingEdits


class Confidence(str, Enum):
    """How sure an edit is. `UNSAFE` edits are applied on request only."""

    SAFE = "safe"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the original text, `start` included, `end` not."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def contains(self, other: Span) -> bool:
        """Whether `other` lies within this span."""
        return self.start <= other.start and other.end <= self.end


Piece: TypeAlias = "str | Span"


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace `start..end` by the pieces, because of `rule`."""

    start: int
    end: int
    pieces: tuple[Piece, ...]
    rule: str
    confidence: Confidence = Confidence.SAFE

    @property
    def span(self) -> Span:
        """The replaced stretch of the original text."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Replacement:
    """An edit after rendering: plain text, never overlapping another."""

    start: int
    end: int
    text: str
    rules: tuple[str, ...]
    confidence: Confidence


def replace(start: int, end: int, *pieces: Piece, rule: str, confidence: Confidence = Confidence.SAFE) -> Edit:
    """An edit that puts `pieces` in the place of `start..end`; without pieces it deletes."""
    return Edit(start, end, tuple(piece for piece in pieces if piece != ""), rule, confidence)


def insert(at: int, text: str, *, rule: str, confidence: Confidence = Confidence.SAFE) -> Edit:
    """An edit that inserts `text` before the character at offset `at`."""
    return Edit(at, at, (text,), rule, confidence)


def render(text: str, edits: Iterable[Edit]) -> str:
    """The text after all edits.

    Raises OverlappingEdits when two edits overlap without one holding the other.
    """
    out: list[str] = []
    position = 0
    for replacement in flatten(text, edits):
        out.append(text[position : replacement.start])
        out.append(replacement.text)
        position = replacement.end
    out.append(text[position:])
    return "".join(out)


def flatten(text: str, edits: Iterable[Edit]) -> tuple[Replacement, ...]:
    """The outermost edits in order, each with the edits inside its spans worked in.

    Equal edits count once (two rules that ask for the same deletion agree). Raises OverlappingEdits otherwise.
    """
    return tuple(_flatten(text, _tree(edits)))


@dataclass(slots=True)
class _Node:
    edit: Edit
    inside: list[_Node]


def _tree(edits: Iterable[Edit]) -> list[_Node]:
    unique = list(dict.fromkeys(edits))
    roots: list[_Node] = []
    stack: list[_Node] = []
    for edit in sorted((edit for edit in unique if edit.start != edit.end), key=lambda edit: (edit.start, -edit.end)):
        while stack and stack[-1].edit.end <= edit.start:
            stack.pop()
        if stack and not stack[-1].edit.span.contains(edit.span):
            outer = stack[-1].edit
            raise OverlappingEdits(
                f"edits of {outer.rule} ({outer.start}..{outer.end}) and {edit.rule} ({edit.start}..{edit.end}) overlap",
                hint="please report this file; it was left as it is",
            )
        node = _Node(edit, [])
        (stack[-1].inside if stack else roots).append(node)
        stack.append(node)
    for edit in unique:
        if edit.start == edit.end:
            _place(_Node(edit, []), roots)
    return roots


def _place(node: _Node, siblings: list[_Node]) -> None:
    """Put an insertion into the innermost edit that holds it."""
    outer = next((sibling for sibling in siblings if _holds(sibling.edit, node.edit.start)), None)
    if outer is None:
        siblings.append(node)
    else:
        _place(node, outer.inside)


def _holds(outer: Edit, offset: int) -> bool:
    """Whether an insertion belongs inside: at the edges only where the text there has been moved away from them."""
    if outer.start < offset < outer.end:
        return True
    spans = [piece for piece in outer.pieces if isinstance(piece, Span)]
    if offset == outer.start:
        return any(piece.start == offset for piece in spans[1:])
    return offset == outer.end and any(piece.end == offset for piece in spans[:-1])


def _flatten(text: str, nodes: Sequence[_Node]) -> Iterable[Replacement]:
    pending: Replacement | None = None
    for node in sorted(nodes, key=lambda node: (node.edit.start, node.edit.end)):
        done = _resolve(text, node)
        if pending and pending.start == pending.end == done.start and done.end == done.start:
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


def _resolve(text: str, node: _Node) -> Replacement:
    edit = node.edit
    rules = [edit.rule]
    confidence = edit.confidence
    out: list[str] = []
    waiting = list(node.inside)
    for piece in edit.pieces:
        if isinstance(piece, str):
            out.append(piece)
            continue
        position = piece.start
        here = [inner for inner in waiting if piece.contains(inner.edit.span)]
        waiting = [inner for inner in waiting if inner not in here]
        for inner in _flatten(text, here):
            out.append(text[position : inner.start])
            out.append(inner.text)
            rules.extend(inner.rules)
            if inner.confidence is Confidence.UNSAFE:
                confidence = Confidence.UNSAFE
            position = inner.end
        out.append(text[position : piece.end])
    return Replacement(edit.start, edit.end, "".join(out), tuple(dict.fromkeys(rules)), confidence)
