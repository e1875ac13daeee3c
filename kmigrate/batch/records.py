"""What became of a repository and of each of its files, in a form that can be kept and read again."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from kmigrate.results import FileResult, Outcome, State


class Ended(str, Enum):
    """How a repository ended. A repository with a file that failed is INCOMPLETE, whatever the others are."""

    CHANGED = "changed"
    CLEAN = "clean"
    NOT_KERAS = "not keras"
    INCOMPLETE = "incomplete"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ReviewRecord:
    """A use that is left to a person."""

    rule: str
    name: str
    line: int
    cell: int | None
    reason: str
    recipe: str | None
    unsafe: bool


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What became of a file: its path in the repository, and how its uses of Keras ended, by the name of the state."""

    path: str
    outcome: Outcome
    uses: dict[str, int]
    reviews: tuple[ReviewRecord, ...]
    failure: str | None


@dataclass(frozen=True, slots=True)
class RepositoryRecord:
    """What became of a repository.

    place: its folder. files: in the order of their paths. failure: why the whole of it failed. written: where the changes
    are, in words; None if they were only looked at. run: by which the changes can be taken back. seconds: from reading to
    the end, in which others may have been worked on as well.
    """

    name: str
    place: str
    ended: Ended
    files: tuple[FileRecord, ...] = ()
    failure: str | None = None
    written: str | None = None
    run: str | None = None
    seconds: float = 0.0

    def files_that(self, outcome: Outcome) -> int:
        """How many files ended in this way."""
        return sum(file.outcome is outcome for file in self.files)

    def uses_that(self, state: State) -> int:
        """How many uses of Keras ended in this state."""
        return sum(file.uses.get(state.value, 0) for file in self.files)

    @property
    def reviews(self) -> int:
        """How many uses are left to a person."""
        return sum(len(file.reviews) for file in self.files)


def recorded(name: str, place: Path, results: Iterable[FileResult]) -> RepositoryRecord:
    """The record of a repository that was looked at."""
    files = tuple(_file(place, result) for result in results)
    outcomes = {file.outcome for file in files}
    if Outcome.FAILED in outcomes:
        ended = Ended.INCOMPLETE
    elif Outcome.CHANGED in outcomes:
        ended = Ended.CHANGED
    else:
        ended = Ended.CLEAN if outcomes - {Outcome.NOT_KERAS} else Ended.NOT_KERAS
    return RepositoryRecord(name, str(place), ended, files)


UNWRITTEN = "not written, as its repository failed"
"""Why a file failed that could have been migrated."""


def unwritten(record: RepositoryRecord, failure: str) -> RepositoryRecord:
    """The record of a repository to which nothing could be written: no file of it is changed, whatever was found."""
    files = tuple(
        FileRecord(file.path, Outcome.FAILED, {}, (), UNWRITTEN) if file.outcome in (Outcome.CHANGED, Outcome.CREATED) else file
        for file in record.files
    )
    return replace(record, ended=Ended.FAILED, files=files, failure=failure)


def _file(place: Path, result: FileResult) -> FileRecord:
    reviews = tuple(
        ReviewRecord(r.rule, r.name, r.position.line, r.position.cell, r.reason, r.recipe, r.unsafe) for r in result.reviews
    )
    uses = {state.value: count for state, count in sorted(result.states.items())}
    path = os.path.relpath(os.path.abspath(result.path or ""), place)  # noqa: PTH100 - links keep their names
    return FileRecord(Path(path).as_posix(), result.outcome, uses, reviews, _failure(result))


def _failure(result: FileResult) -> str | None:
    failure = result.failure
    if failure is None:
        return None
    return f"line {failure.position.line}: {failure.reason}" if failure.position else failure.reason
