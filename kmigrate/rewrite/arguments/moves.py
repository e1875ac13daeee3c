"""Arguments that change their place in a call: one that comes first, some that become one tuple."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from kmigrate.edits import Edit, Piece, Span, insert, replace
from kmigrate.rewrite.layout import Layout


@dataclass(frozen=True, slots=True)
class Moved:
    """The edits of a move.

    over: the arguments, by their place in the call, whose text the edits have dealt with: not to be removed again.
    loses_comment: whether a comment between the arguments goes.
    """

    edits: tuple[Edit, ...]
    over: frozenset[int] = frozenset()
    loses_comment: bool = False


@dataclass(frozen=True, slots=True)
class Moves:
    """The moves in one call.

    dropped: the places of the arguments that go.
    reordered: whether another argument comes first, so that edits lie within the text that moves.
    """

    layout: Layout
    rule: str
    dropped: frozenset[int]
    reordered: bool

    def to_front(self, index: int) -> Moved:
        """The argument at this place comes first, without its keyword."""
        slots = self.layout.slots
        slot = slots[index]
        if index == 0:
            return Moved((replace(slot.whole.start, slot.value.start, rule=self.rule),))
        start = slots[0].whole.start
        kept = [i for i in range(index) if i not in self.dropped]
        pieces: list[Piece] = [slot.value]
        if len(kept) == index:
            pieces.extend((", ", Span(start, slots[index - 1].whole.end)))
            loses = self._comment_within(index - 1, index)
        else:
            for i in kept:
                pieces.extend((", ", slots[i].whole))
            loses = self._comment_within(0, index)
        return Moved((replace(start, slot.whole.end, *pieces, rule=self.rule),), frozenset(range(index)), loses)

    def fold(self, given: list[int], wanted: list[int | str], opening: str) -> Moved:
        """The arguments at these places become one tuple.

        given: the places, in the order that the rule names the arguments.
        wanted: for each value of the tuple, the place it comes from or its text.
        opening: what stands in front of the values.
        """
        slots = self.layout.slots
        closing = ",)" if len(wanted) == 1 else ")"
        first, last = slots[given[0]], slots[given[-1]]
        between = self.layout.module.text[first.whole.end : last.whole.start]
        adjacent = given == list(range(given[0], given[0] + len(wanted)))
        if adjacent and ("\n" not in between or "#" in between):
            edits = [
                replace(slots[i].whole.start, slots[i].value.start, "" if number else opening, rule=self.rule)
                for number, i in enumerate(given)
                if slots[i].whole.start != slots[i].value.start or number == 0
            ]
            return Moved((*edits, insert(last.whole.end, closing, rule=self.rule, inner=self.reordered)))
        pieces: list[Piece] = [opening]
        for number, value in enumerate(wanted):
            pieces.append(", " if number else "")
            pieces.append(value if isinstance(value, str) else slots[value].value)
        pieces.append(closing)
        involved = sorted(given)
        for here, following in pairwise(involved):
            for i in range(here + 1, following):
                if i not in self.dropped:
                    pieces.append(Span(slots[i - 1].whole.end, slots[i].whole.end))
        start, end = involved[0], involved[-1]
        edit = replace(slots[start].whole.start, slots[end].whole.end, *pieces, rule=self.rule)
        return Moved((edit,), self.dropped & set(range(start, end)), self._comment_within(start, end))

    def _comment_within(self, first: int, last: int) -> bool:
        source, slots = self.layout.module.text, self.layout.slots
        return any("#" in source[slots[i].whole.end : slots[i + 1].whole.start] for i in range(first, last))
