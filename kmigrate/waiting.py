"""Which text would the changes write that wait for `--unsafe`?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from kmigrate.config import Settings
from kmigrate.results import FileResult
from kmigrate.trial import Trial, trials


def with_texts(files: Sequence[FileResult], paths: Sequence[Path], settings: Settings) -> Iterator[FileResult]:
    """The results of a run, in which each review that waits for `--unsafe` tells the text of its change.

    `paths` and `settings` are those of the run. A review stays without a text where its change follows from another one
    or does not hold, where the file is none of the paths, and where it changed meanwhile.
    """
    waiting = {file.path: file for file in files if any(review.unsafe for review in file.reviews)}
    known = dict(_with_all(waiting, paths, replace(settings, unsafe=True, todo=False))) if waiting else {}
    for file in files:
        yield _with_texts(file, known[file.path]) if file.path in known else file


def _with_all(
    waiting: dict[str | None, FileResult], paths: Sequence[Path], settings: Settings
) -> Iterator[tuple[str, FileResult]]:
    """The waiting files with every change, by their paths."""
    for trial in trials(paths, settings):
        if isinstance(trial, Trial) and trial.shown in waiting and trial.source.text == waiting[trial.shown].before:
            yield trial.shown, trial.whole


def _with_texts(file: FileResult, whole: FileResult) -> FileResult:
    changes = {change.key: change for change in whole.told_changes}
    reviews = (
        replace(review, rewritten=whole.rewritten(changes[review.key]))
        if review.unsafe and review.key in changes else review
        for review in file.reviews
    )  # fmt: skip
    return replace(file, reviews=tuple(reviews))
