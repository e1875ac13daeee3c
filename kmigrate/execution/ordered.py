"""How do the results of many tasks come back in the order of the files?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kmigrate.config import Settings
from kmigrate.execution.pool import Pending, Pool
from kmigrate.execution.shares import Share, shares
from kmigrate.reading import Read
from kmigrate.results import FileResult, Outcome


@dataclass(frozen=True, slots=True)
class Work:
    """Files that were handed to a pool."""

    files: tuple[Read, ...]
    parts: tuple[Share, ...]
    pending: dict[int, Pending]


def submit(files: Sequence[Read], settings: Settings, pool: Pool) -> Work:
    """Hand the files in; the largest tasks are begun first, so that none of them is left for the end."""
    parts = shares(files, settings, pool.workers)
    begun = sorted(range(len(parts)), key=lambda number: -parts[number].size)
    return Work(tuple(files), parts, {number: pool.submit(parts[number].task) for number in begun})


def collect(work: Work, pool: Pool) -> Iterator[FileResult]:
    """The results for all files, in their order, as they come. Raises what `Pool.results` raises."""
    return in_order(work.files, _results(work, pool))


def in_order(files: Sequence[Read], results: Iterator[FileResult]) -> Iterator[FileResult]:
    """The results of the sources, which come in their order, between the files that are not for the engine."""
    for file in files:
        yield next(results) if file.source is not None else _unread(file)


def _results(work: Work, pool: Pool) -> Iterator[FileResult]:
    for number in range(len(work.parts)):
        yield from pool.results(work.pending.pop(number))


def _unread(file: Read) -> FileResult:
    outcome = Outcome.FAILED if file.failure else Outcome.NOT_KERAS
    return FileResult(file.found.shown, outcome, failure=file.failure)
