"""The roll-up for a person at a terminal: a line for each repository, what failed and why, and the sums."""

from __future__ import annotations

from collections.abc import Iterator

from kmigrate.batch.records import UNWRITTEN, Ended, RepositoryRecord
from kmigrate.batch.rollup import Rollup
from kmigrate.report.words import visible
from kmigrate.results import Outcome, State

WIDTH = 34
"""Columns for the name of a repository, where there are so many."""
FIGURES = 43
ROOM = 20
"""With fewer columns than that for the name, it has a line of its own."""


def render(rollup: Rollup, columns: int = 80) -> Iterator[str]:
    """The lines, no wider than the columns where names and reasons allow it."""
    width = min(WIDTH, columns - FIGURES)
    if width >= ROOM:
        yield f"{'repository':<{width}} {'ended':<11}{'files':>6}{'uses':>8}{'by hand':>9}{'failed':>8}\n"
    for record in rollup.records:
        yield _row(record, width) if width >= ROOM else _stacked(record)
    yield "\n"
    yield from _failures(rollup)
    yield from _sums(rollup)


def _row(record: RepositoryRecord, width: int) -> str:
    name = visible(record.name)
    cut = name if len(name) <= width else "…" + name[1 - width :]
    files, uses, by_hand, failed = _figures(record)
    return f"{cut:<{width}} {record.ended.value:<11}{files:>6}{uses:>8}{by_hand:>9}{failed:>8}\n"


def _stacked(record: RepositoryRecord) -> str:
    told = zip(("files", "uses", "by hand", "failed"), _figures(record), strict=True)
    figures = [f"{name} {count}" for name, count in told if count]
    return f"{visible(record.name)}\n  {', '.join([record.ended.value, *figures])}\n"


def _figures(record: RepositoryRecord) -> tuple[int, int, int, int]:
    changed, failed = record.files_that(Outcome.CHANGED), record.files_that(Outcome.FAILED)
    return changed, record.uses_that(State.CHANGED), record.reviews, failed


def _failures(rollup: Rollup) -> Iterator[str]:
    told = False
    for record in rollup.records:
        if record.failure is not None:
            told = True
            yield f"{visible(record.name)}: {visible(record.failure)}\n"
        for file in record.files:
            if file.outcome is Outcome.FAILED and file.failure != UNWRITTEN:
                told = True
                yield f"{visible(record.name)}: {visible(file.path)}: {visible(file.failure or '')}\n"
    if told:
        yield "\n"


def _sums(rollup: Rollup) -> Iterator[str]:
    totals = rollup.totals
    done, uses = totals.accounted
    number = sum(totals.repositories.values())
    ended = ", ".join(f"{totals.repositories[kind]} {kind.value}" for kind in Ended if totals.repositories[kind])
    files = ", ".join(f"{totals.files[kind]} {kind.value}" for kind in Outcome if totals.files[kind])
    reviews = sum(totals.reviews.values())
    would = "would change" if rollup.dry else "changed"
    yield f"{number} {'repository' if number == 1 else 'repositories'}: {ended or 'none'}\n"
    yield f"files: {files or 'none'}\n"
    yield (
        f"{totals.uses[State.CHANGED.value]} uses {would}, {reviews} left to do by hand"
        f" ({sum(totals.waits.values())} of them wait for --unsafe)\n"
    )
    yield f"{done} of {uses} Keras uses accounted for\n"
