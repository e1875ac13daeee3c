"""How do many files go through the engine: divided into tasks, done here or by others, results in the order of the paths?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from kmigrate.cache.remembered import Remembered
from kmigrate.cache.store import Store
from kmigrate.collector import collector_off
from kmigrate.config import Settings
from kmigrate.execution.ordered import collect, in_order, submit
from kmigrate.execution.shares import Share, shares
from kmigrate.execution.tasks import stream
from kmigrate.helpers.modules import with_modules
from kmigrate.reading import Read, read
from kmigrate.results import FileResult
from kmigrate.source.discovery import discover

if TYPE_CHECKING:
    from kmigrate.ruling import Ruling

Progress: TypeAlias = Callable[[int, int, str], None]
"""Called before each file with its number from 1, the number of all files, and its path."""

WORTH_A_PROCESS = 25
"""So many files that may speak of Keras are worth a process."""


def run(
    paths: Iterable[Path | str],
    settings: Settings,
    *,
    progress: Progress | None = None,
    jobs: int | None = 1,
    cache: Store | None = None,
) -> Iterator[FileResult]:
    """The results for all files below `paths`, in the order of their paths, then those of files to be added; nothing is written.

    Paths and settings are checked before the first result is asked for: raises PathNotFound, NothingToRead,
    InvalidRule, UnknownRule, UnknownVersion. What is wrong with one file is told in its result, and never stops the
    rest. The work is done by at most `jobs` processes, fewer where it is little; None asks for one per processor.
    What is known from earlier runs comes from `cache`, which gets to know the rest.
    """
    given = tuple(paths)
    files = read(discover(given, docs=settings.docs), given)
    known = check(settings) if settings.to or settings.select or settings.ignore or settings.rules else None
    remembered = Remembered(files, settings, cache)
    results = _watched(files, remembered.merged(_worked(remembered.rest, settings, jobs, known)), progress)
    return with_modules(results) if settings.emit_helpers else results


def check(settings: Settings) -> Ruling:
    """The ruling of the settings, whatever the files are; refuses those that no engine takes."""
    from kmigrate.ruling import ruling

    return ruling(settings)


def _worked(files: Sequence[Read], settings: Settings, jobs: int | None, known: Ruling | None) -> Iterator[FileResult]:
    workers = _workers(files, jobs)
    if workers > 1:
        return _pooled(files, settings, workers)
    return in_order(files, _streamed(shares(files, settings, 1), known))


def _workers(files: Sequence[Read], jobs: int | None) -> int:
    from kmigrate.execution.executors import available

    worth = sum(file.source is not None for file in files) // WORTH_A_PROCESS
    return max(1, min(available() if jobs is None else jobs, worth))


def _streamed(parts: Sequence[Share], known: Ruling | None) -> Iterator[FileResult]:
    for part in parts:
        yield from stream(part.task, known)


def _pooled(files: Sequence[Read], settings: Settings, workers: int) -> Iterator[FileResult]:
    from kmigrate.execution.executors import processes
    from kmigrate.execution.pool import Pool

    check(settings)
    with collector_off(), Pool(lambda: processes(workers), workers) as pool:
        yield from collect(submit(files, settings, pool), pool)


def _watched(files: Sequence[Read], results: Iterator[FileResult], progress: Progress | None) -> Iterator[FileResult]:
    """Tells of each file before its result is waited for."""
    for number, file in enumerate(files, 1):
        if progress is not None:
            progress(number, len(files), file.found.shown)
        yield next(results)
    next(results, None)  # behind the last one, they are kept
