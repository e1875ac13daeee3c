"""The commit of a repository, which git may finish although the batch that began it was killed: was it made, or is it still?"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from kmigrate import git, journal
from kmigrate.batch.records import RepositoryRecord
from kmigrate.batch.state import Mark, State
from kmigrate.errors import GitFailed
from kmigrate.locking import handed_on, is_held

Tell: TypeAlias = Callable[[str], None]
"""Called with what the user is waiting for."""

PAUSE = 0.1
"""Seconds after which git is looked at again while it is waited for."""


def commit(top: Path, files: Sequence[Path], state: State) -> None:
    """Commit these files; whoever goes on with the batch sees that git is at work until it has ended. Raises GitFailed."""
    with handed_on(state.committing) as handles:
        git.commit(top, files, MESSAGE, handles)


def made_after_all(mark: Mark, state: State, tell: Tell) -> bool:
    """Whether the commit that a killed batch had begun was made. A git that is still at work on it is waited for."""
    if mark.record is None or mark.head is None:
        return False
    folder = Path(mark.record.place)
    told = False
    while True:
        at_work = is_held(state.committing)  # asked before git is: what it has ended with is then seen
        if git.head(folder) != mark.head:
            return True
        if not at_work:
            return False
        if not told:
            tell(f"{mark.record.name}: waiting for git, or a hook, still at work on the commit begun before; Ctrl-C stops")
            told = True
        time.sleep(PAUSE)


def with_commit(record: RepositoryRecord, state: State) -> RepositoryRecord:
    """The record of a repository whose commit is made. Git takes a commit back, not the journal."""
    if record.run is not None:
        journal.forget(record.run, state.journal)
    return replace(record, written=f"{record.written} as {git.head(Path(record.place))}", run=None)


def forget_made(state: State, tell: Tell) -> None:
    """Let the journal take back no file that an interrupted batch committed after all."""
    for mark in state.marks():
        with suppress(GitFailed):
            if mark.record is not None and made_after_all(mark, state, tell):
                with_commit(mark.record, state)


MESSAGE = "Migrate from Keras 1 to Keras 2\n\nMade by kmigrate."
