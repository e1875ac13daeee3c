"""What is done for some files of one project, wherever it is done: an engine of their own, and no file stops another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kmigrate.collector import collector_off
from kmigrate.config import Settings
from kmigrate.errors import KmigrateError
from kmigrate.execution.limit import SECONDS, OutOfTime, limited
from kmigrate.results import Failure, FileResult, Outcome
from kmigrate.source.text import Source

if TYPE_CHECKING:
    from kmigrate.engine import Engine
    from kmigrate.overrides import Overrides
    from kmigrate.ruling import Ruling


@dataclass(frozen=True, slots=True)
class Task:
    """Sources of one project, each with the path that people read, that go through one engine.

    A task can be sent to another process, and to another machine that sees the same folders.
    """

    root: Path
    settings: Settings
    files: tuple[tuple[str, Source], ...]


def perform(task: Task) -> tuple[FileResult, ...]:
    """The results for the files of the task, in their order. Raises what an engine raises for wrong settings.

    The trees of the task are gone when this returns, so that a worker holds those of one task at a time.
    """
    return tuple(stream(task))


def stream(task: Task, known: Ruling | None = None) -> Iterator[FileResult]:
    """The same, one after the other; `known` is the ruling of the task's settings, if this process has made it for the run."""
    with collector_off():
        engine = _engine(task, known)
        for shown, source in task.files:
            yield (
                crashed(engine, source, shown) if isinstance(engine, Exception) else migrate_safely(engine, source, shown)
            )


def migrate_safely(
    engine: Engine, source: Source, shown: str | None, wanted: Overrides | None = None, *, seconds: float = SECONDS
) -> FileResult:
    """The engine's result under the path that people read; a crash of the engine is a failed file.

    So is one that takes longer than `seconds` of processor time, where `limited` can tell. The collector works behind the
    limit, if it does: a second alarm would come where it is turned on again.
    """
    try:
        with collector_off(), limited(seconds):
            result = engine.migrate(source) if wanted is None else engine.migrate(source, wanted)
        return replace(result, path=shown)
    except OutOfTime:
        engine.forget()
        return failed(source, shown, f"it took more than {seconds:g} seconds to look at this file, please report it")
    except Exception as error:
        return crashed(error, source, shown)


def crashed(error: Exception, source: Source, shown: str | None) -> FileResult:
    """The failed file that a crash leaves behind."""
    what = f"{type(error).__name__}: {error}".rstrip(": ").splitlines()[0]
    return failed(source, shown, f"internal error: {what}, please report")


def failed(source: Source, shown: str | None, reason: str) -> FileResult:
    """The result for a file that nobody could look at to the end."""
    failure = Failure(reason, hint="the file was left as it is")
    return FileResult(shown, Outcome.FAILED, source.text, source.text, source, failure=failure)


def _engine(task: Task, known: Ruling | None) -> Engine | Exception:
    from kmigrate.engine import Engine

    try:
        return Engine(task.root, task.settings, known)
    except KmigrateError:
        raise
    except Exception as error:
        return error
