"""Results that tests make by hand: a text, and what is replaced in it."""

from kmigrate.edits import Confidence, Replacement
from kmigrate.results import Change, Failure, FileResult, Note, Outcome, Position, Review, State, Use
from kmigrate.source.text import Source


def changed(
    before: str, *swaps: tuple[int, int, str], path: str = "net.py", source: Source | None = None
) -> FileResult:
    """A changed file: each swap puts a text in the place of `start..end`."""
    source = source or Source(path, before)
    items = tuple(
        Replacement(start, end, text, (f"KM{100 + number}",), Confidence.SAFE)
        for number, (start, end, text) in enumerate(swaps)
    )
    after, position = "", 0
    for item in items:
        after += before[position : item.start] + item.text
        position = item.end
    after += before[position:]
    changes = tuple(
        Change(item.rules[0], "Rename it", "keras.layers.Dense", source.position(item.start), item.start, item.end,
               item.confidence)
        for item in items
    )  # fmt: skip
    uses = tuple(Use(c.name, "call", c.start, c.end, c.position, State.CHANGED, c.rule) for c in changes)
    outcome = Outcome.CHANGED if after != before else Outcome.CLEAN
    return FileResult(path, outcome, before, after, source, items, changes, uses=uses)


def renamed(before: str, old: str, new: str, path: str = "net.py", source: Source | None = None) -> FileResult:
    """A changed file: every `old` became `new`."""
    swaps, at = [], before.find(old)
    while at >= 0:
        swaps.append((at, at + len(old), new))
        at = before.find(old, at + len(old))
    return changed(before, *swaps, path=path, source=source)


def reviewed(path: str = "hand.py", unsafe: bool = False, reason: str = "MaxoutDense is gone") -> FileResult:
    """A file with one review, one note and one use that nobody knows."""
    text = "MaxoutDense(3)\nodd()\n"
    review = Review(
        "KM301", "keras.layers.MaxoutDense", Position(1, 1), 0, 11, reason, "Use `Dense` and `maximum`.", unsafe
    )
    uses = (
        Use("keras.layers.MaxoutDense", "call", 0, 11, Position(1, 1), State.REVIEW, "KM301"),
        Use("keras.odd", "call", 15, 18, Position(2, 1), State.UNACCOUNTED),
    )
    notes = (Note("KM301", "The weights have another shape."),)
    return FileResult(path, Outcome.CLEAN, text, text, Source(path, text), (), (), (review,), notes, uses)


def failed(path: str = "bad.py") -> FileResult:
    """A file that could not be parsed."""
    failure = Failure("syntax error: '(' was never closed", Position(2, 6), "mend it")
    return FileResult(path, Outcome.FAILED, failure=failure)
