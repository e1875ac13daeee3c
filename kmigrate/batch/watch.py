"""How far is a batch: a line for each repository that is done, with an estimate of what is left."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from typing import TextIO

from kmigrate.batch.estimate import Estimate, in_words
from kmigrate.batch.records import Ended, RepositoryRecord
from kmigrate.batch.repositories import Repository
from kmigrate.batch.state import State
from kmigrate.report.words import visible
from kmigrate.results import Outcome
from kmigrate.results import State as UseState
from kmigrate.terminal import clears_lines


class Watch:
    """Tells of a batch while it runs: on a terminal in one line, in a log in lines of their own."""

    def __init__(self, repositories: Sequence[Repository], state: State, out: TextIO) -> None:
        left = [item for item in repositories if (known := state.known(item)) is None or known.ended is Ended.FAILED]
        self._all = len(repositories)
        self._done = self._all - len(left)
        self._estimate = Estimate(left)
        self._out = out
        if state.resumed:
            print(f"Going on: {self._done} of {self._all} repositories are done.", file=out)

    def finished(self, record: RepositoryRecord) -> None:
        """A repository is done."""
        self._done += 1
        self._estimate.done(record.name)
        seconds = self._estimate.seconds
        left = f"; about {in_words(seconds)} left" if seconds else ""
        self.tell(f"[{self._done}/{self._all}] {visible(record.name)}: {_what(record)}{left}")

    def tell(self, text: str) -> None:
        """Say what goes on."""
        if not clears_lines(self._out):
            print(text, file=self._out, flush=True)
            return
        width = max(20, shutil.get_terminal_size().columns - 1)
        ending = "\n" if self._done == self._all else ""
        self._out.write("\r\033[K" + text[:width] + ending)
        self._out.flush()


def _what(record: RepositoryRecord) -> str:
    if record.failure is not None:
        return f"failed: {visible(record.failure)}"
    files, failed = record.files_that(Outcome.CHANGED), record.files_that(Outcome.FAILED)
    parts = [record.ended.value]
    if files:
        parts.append(f"{record.uses_that(UseState.CHANGED)} uses in {files} {'file' if files == 1 else 'files'}")
    if record.reviews:
        parts.append(f"{record.reviews} by hand")
    if failed:
        parts.append(f"{failed} {'file' if failed == 1 else 'files'} failed")
    return ", ".join(parts)
