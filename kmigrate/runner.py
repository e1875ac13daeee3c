"""How do many files go through the engine: in order, one engine per project, and no file stops another?"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from kmigrate.config import Settings
from kmigrate.errors import KmigrateError
from kmigrate.reading import Read, read
from kmigrate.results import Failure, FileResult, Outcome
from kmigrate.source.discovery import discover

if TYPE_CHECKING:
    from kmigrate.engine import Engine
    from kmigrate.overrides import Overrides
    from kmigrate.source.text import Source

Progress: TypeAlias = Callable[[int, int, str], None]
"""Called before each file with its number from 1, the number of all files, and its path."""


def run(
    paths: Iterable[Path | str], settings: Settings, *, progress: Progress | None = None, jobs: int = 1
) -> Iterator[FileResult]:
    """The results for all files below `paths`, in the order of their paths; nothing is written.

    Paths and settings are checked before the first result is asked for: raises PathNotFound, NothingToRead,
    InvalidRule, UnknownRule, UnknownVersion. What is wrong with one file is told in its result, and never stops the
    rest. With `jobs`, files of large projects are spread over so many processes.
    """
    given = tuple(paths)
    files = read(discover(given, docs=settings.docs), given)
    if settings.to or settings.select or settings.ignore or settings.rules:
        check(settings)
    if jobs > 1 and sum(file.source is not None for file in files) >= _WORTH_A_PROCESS * jobs:
        return _spread(files, settings, progress, jobs)
    return _migrated(files, settings, progress)


def check(settings: Settings) -> None:
    """Refuse settings that no engine takes, whatever the files are."""
    from kmigrate.engine import Engine

    Engine(None, settings)


def migrate_safely(
    engine: Engine, source: Source, shown: str | None, wanted: Overrides | None = None
) -> FileResult:
    """The engine's result under the path that people read; a crash of the engine is a failed file."""
    try:
        result = engine.migrate(source) if wanted is None else engine.migrate(source, wanted)
        return replace(result, path=shown)
    except Exception as error:
        return _crashed(error, source, shown)


_WORTH_A_PROCESS = 25


def _migrated(files: Sequence[Read], settings: Settings, progress: Progress | None) -> Iterator[FileResult]:
    engines: dict[Path, Engine] = {}
    left = Counter(file.found.root for file in files if file.source is not None)
    with _collector_off():
        for number, file in enumerate(files, 1):
            if progress is not None:
                progress(number, len(files), file.found.shown)
            if file.source is None:
                yield _unread(file)
                continue
            root = file.found.root
            yield _one(engines, root, settings, file.source, file.found.shown)
            left[root] -= 1
            if not left[root]:
                engines.pop(root, None)
                if any(left.values()):
                    gc.collect()


def _one(engines: dict[Path, Engine], root: Path, settings: Settings, source: Source, shown: str) -> FileResult:
    from kmigrate.engine import Engine

    try:
        if root not in engines:
            engines[root] = Engine(root, settings)
    except KmigrateError:
        raise
    except Exception as error:
        return _crashed(error, source, shown)
    return migrate_safely(engines[root], source, shown)


def _unread(file: Read) -> FileResult:
    outcome = Outcome.FAILED if file.failure else Outcome.NOT_KERAS
    return FileResult(file.found.shown, outcome, failure=file.failure)


def _crashed(error: Exception, source: Source, shown: str | None) -> FileResult:
    what = f"{type(error).__name__}: {error}".rstrip(": ").splitlines()[0]
    failure = Failure(f"internal error: {what}, please report", hint="the file was left as it is")
    return FileResult(shown, Outcome.FAILED, source.text, source.text, source, failure=failure)


def _spread(files: Sequence[Read], settings: Settings, progress: Progress | None, jobs: int) -> Iterator[FileResult]:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        shares = [pool.submit(_share, files[worker::jobs], settings) for worker in range(jobs)]
        turns = [iter(share.result()) for share in shares]
        for number, file in enumerate(files, 1):
            if progress is not None:
                progress(number, len(files), file.found.shown)
            yield next(turns[(number - 1) % jobs])


def _share(files: Sequence[Read], settings: Settings) -> list[FileResult]:
    return list(_migrated(files, settings, None))


@contextmanager
def _collector_off() -> Iterator[None]:
    """Trees are many, live long and form no garbage: walking them again and again doubles the time of a run."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
