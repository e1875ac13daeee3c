"""How are the repositories of a batch worked on: some at a time, each to its end, and none stops another?"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from kmigrate import git
from kmigrate.batch.commits import Tell
from kmigrate.batch.delivery import Way, deliver, recover
from kmigrate.batch.records import Ended, RepositoryRecord, recorded, unwritten
from kmigrate.batch.repositories import Repository
from kmigrate.batch.state import State
from kmigrate.cache.remembered import Remembered
from kmigrate.cache.store import Store
from kmigrate.config import Settings
from kmigrate.errors import KmigrateError, NothingToRead, PathNotFound, WorkersLost
from kmigrate.execution.ordered import Work, collect, submit
from kmigrate.execution.pool import Pool
from kmigrate.helpers.modules import with_modules
from kmigrate.reading import read
from kmigrate.results import FileResult
from kmigrate.source.discovery import Found, discover

AHEAD = 2
"""So many tasks for each worker are handed in before the oldest repository is waited for: memory is bounded by them."""

Finished: TypeAlias = Callable[[RepositoryRecord], None]
"""Called with each repository that is done."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What a batch works by."""

    settings: Settings
    way: Way
    state: State
    pool: Pool
    tell: Tell
    cache: Store | None = None


def run(repositories: Sequence[Repository], batch: Batch, finished: Finished) -> None:
    """Bring every repository to its end; those that the state knows as done are left alone, unless they failed.

    Raises WorkersLost when nobody is left to work: what is done stays done.
    """
    under_way: deque[_Begun] = deque()
    for repository in repositories:
        known = batch.state.known(repository)
        if known is not None and known.ended is not Ended.FAILED:
            continue
        under_way.append(_begin(repository, batch))
        while sum(begun.tasks for begun in under_way) > AHEAD * batch.pool.workers or len(under_way) > MOST:
            finished(_finish(under_way.popleft(), batch))
    while under_way:
        finished(_finish(under_way.popleft(), batch))


MOST = 50
"""So many repositories without work for the engine are held at most."""


@dataclass(frozen=True, slots=True)
class _Begun:
    """A repository whose files are handed in, or what came of it at once."""

    repository: Repository
    folder: Path
    started: float
    work: Work | None = None
    remembered: Remembered | None = None
    record: RepositoryRecord | None = None

    @property
    def tasks(self) -> int:
        return len(self.work.parts) if self.work is not None else 0


def _begin(repository: Repository, batch: Batch) -> _Begun:
    started = time.monotonic()
    folder = batch.state.folder_of(repository)
    begun = _Begun(repository, folder, started)
    try:
        if repository.url is not None:
            git.clone(repository.url, folder, refresh=not batch.state.resumed)
        record = recover(repository, folder, batch.way, batch.state, batch.tell)
        if record is not None:
            return replace(begun, record=record)
        if not folder.is_dir():
            raise PathNotFound(f"`{folder}` is no folder", hint="check the list")
        files = read(_files(repository, folder, batch.settings), [folder])
        remembered = Remembered(files, batch.settings, batch.cache)
        return replace(begun, work=submit(remembered.rest, batch.settings, batch.pool), remembered=remembered)
    except NothingToRead:
        return replace(begun, record=RepositoryRecord(repository.name, str(folder), Ended.NOT_KERAS))
    except WorkersLost:
        raise
    except (KmigrateError, OSError) as error:
        return replace(begun, record=_failed(begun, error))


def _files(repository: Repository, folder: Path, settings: Settings) -> tuple[Found, ...]:
    inner = [folder / place for place in repository.inner]
    found = discover([folder], docs=settings.docs)
    own = tuple(file for file in found if not any(file.path.is_relative_to(place) for place in inner))
    if not own:
        raise NothingToRead(f"`{folder}` holds no Python files of its own")
    return own


def _finish(begun: _Begun, batch: Batch) -> RepositoryRecord:
    record = begun.record or _delivered(begun, batch)
    record = replace(record, seconds=round(time.monotonic() - begun.started, 3))
    batch.state.save(record)
    return record


def _delivered(begun: _Begun, batch: Batch) -> RepositoryRecord:
    assert begun.work is not None and begun.remembered is not None
    results = tuple(with_modules(begun.remembered.merged(collect(begun.work, batch.pool))))

    def record(done: Sequence[FileResult]) -> RepositoryRecord:
        return recorded(begun.repository.name, begun.folder, done)

    try:
        return deliver(begun.repository, begun.folder, results, batch.way, batch.state, record)
    except (KmigrateError, OSError) as error:
        return unwritten(record(results), _reason(error))


def _failed(begun: _Begun, error: Exception) -> RepositoryRecord:
    return RepositoryRecord(begun.repository.name, str(begun.folder), Ended.FAILED, failure=_reason(error))


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror and error.filename:
        return f"{error.strerror.lower()}: `{os.fsdecode(error.filename)}`"
    return str(error)
