"""The roll-up for a person at a terminal: a line for each repository, what failed and why, and the sums."""

from __future__ import annotations

from collections.abc import Iterator

from kmigrate.batch.records import Ended, RepositoryRecord
from kmigrate.batch.rollup import Rollup
from kmigrate.report.words import visible
from kmigrate.results import Outcome, State

WIDTH = 34
"""Columns for the name of a repository."""


def render(rollup: Rollup) -> Iterator[str]:
    """The lines, at most 80 columns wide where names and reasons allow it."""
    yield f"{'repository':<{WIDTH}} {'ended':<11}{'files':>6}{'uses':>8}{'by hand':>9}{'failed':>8}\n"
    for record in rollup.records:
        yield _row(record)
    yield "\n"
    yield from _failures(rollup)
    yield from _sums(rollup)


def _row(record: RepositoryRecord) -> str:
    name = visible(record.name)
    cut = name if len(name) <= WIDTH else "…" + name[1 - WIDTH :]
    changed, failed = record.files_that(Outcome.CHANGED), record.files_that(Outcome.FAILED)
    uses = record.uses_that(State.CHANGED)
    return f"{cut:<{WIDTH}} {record.ended.value:<11}{changed:>6}{uses:>8}{record.reviews:>9}{failed:>8}\n"


def _failures(rollup: Rollup) -> Iterator[str]:
    told = False
    for record in rollup.records:
        if record.failure is not None:
            told = True
            yield f"{visible(record.name)}: {visible(record.failure)}\n"
        for file in record.files:
            if file.outcome is Outcome.FAILED:
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
