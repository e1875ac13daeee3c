"""Which work lies in which file and folder, and which files are the hardest?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath

from kmigrate.edits import Confidence
from kmigrate.report import words
from kmigrate.report.model import Report
from kmigrate.report.survey.estimate import Item, Work, items, total
from kmigrate.results import FileResult, Outcome, State

HARDEST = 10
"""So many files are named as the hardest."""


@dataclass(frozen=True, slots=True)
class Row:
    """The work in a file, or in the files of a folder, without those of the folders in it."""

    path: str
    files: int
    work: Work


@dataclass(frozen=True)
class Survey:
    """The files that speak of Keras, by path."""

    report: Report

    @cached_property
    def files(self) -> tuple[Row, ...]:
        """A row for each file that speaks of Keras."""
        return tuple(Row(file.path or "<text>", 1, _work(file)) for file in self.report.touched)

    @cached_property
    def folders(self) -> tuple[Row, ...]:
        """A row for each folder that holds such files."""
        inside: dict[str, list[Work]] = {}
        for row in self.files:
            inside.setdefault(str(PurePath(row.path).parent), []).append(row.work)
        return tuple(Row(path, len(work), total(work)) for path, work in sorted(inside.items()))

    @property
    def hardest(self) -> tuple[Row, ...]:
        """The files that take a person the longest."""
        hard = [row for row in self.files if row.work.minutes]
        return tuple(sorted(hard, key=lambda row: (-row.work.minutes, row.path))[:HARDEST])

    @cached_property
    def work(self) -> Work:
        """All the work."""
        return total(row.work for row in self.files)

    @cached_property
    def rules(self) -> tuple[str, ...]:
        """The rules that leave something to a person, or want a look."""
        return tuple(sorted({rule for file in self.report.files for rule in _told(file)}))

    @property
    def items(self) -> tuple[Item, ...]:
        """The lines of the estimate."""
        return items(self.work, len(self.rules))

    @property
    def minutes(self) -> float:
        """Minutes for all of it."""
        return sum(item.minutes for item in self.items)


def _work(file: FileResult) -> Work:
    if file.outcome is Outcome.FAILED:
        return Work(failed=1)
    checked = sum(change.confidence is Confidence.UNSAFE for change in file.changes)
    waiting = sum(review.unsafe for review in file.reviews)
    by_hand = len(file.reviews) - waiting + len(words.gaps(file))
    return Work(max(0, file.states[State.CHANGED] - checked), checked + waiting, by_hand)


def _told(file: FileResult) -> Iterable[str]:
    yield from (review.rule for review in file.reviews)
    yield from (change.rule for change in file.changes if change.confidence is Confidence.UNSAFE)
