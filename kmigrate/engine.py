"""One source through all the stages: parse, resolve, match, rewrite, verify.

`text -> result` without I/O of its own; an engine with a project root reads the modules that a source imports.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kmigrate.config import Settings
from kmigrate.errors import OverlappingEdits
from kmigrate.passes import one_pass
from kmigrate.proof import disproof
from kmigrate.records import recorded
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.world import World
from kmigrate.results import Failure, FileResult, Outcome, Position
from kmigrate.ruling import ruling
from kmigrate.source.document.source import DocumentSource
from kmigrate.source.module import Module
from kmigrate.source.notebook.source import NotebookSource
from kmigrate.source.text import Source
from kmigrate.unread import with_unread


class Engine:
    """Migrates the sources of one project.

    root: the project's top folder, where imports are looked up; None for a lone buffer.
    Raises InvalidRule, UnknownRule or UnknownVersion for settings that make no sense.
    """

    def __init__(self, root: Path | None, settings: Settings) -> None:
        self.root = root
        self.settings = settings
        self.ruling = ruling(settings)
        self._world: World | None = None
        self._evaluator: Evaluator | None = None

    @property
    def targets(self) -> tuple[str, ...]:
        """The Keras 2 versions that the result must run on."""
        return self.ruling.targets

    def migrate(self, source: Source) -> FileResult:
        """The result for one source. Never raises for bad sources: they end as FAILED, with the reason."""
        if not source.text.strip():
            return FileResult(source.path, Outcome.NOT_KERAS, source.text, source.text, source)
        try:
            with _collector_off():
                return self._migrated(source)
        except SyntaxError as error:
            return _failed(source, f"syntax error: {error.msg}", line=error.lineno)
        except (RecursionError, MemoryError):
            return _failed(source, "the code is nested too deeply to be analysed")
        except (OverlappingEdits, ValueError) as error:
            return _failed(source, str(error))

    def _migrated(self, source: Source) -> FileResult:
        world, evaluator = self._opened()
        scopes = world.open(source)
        module = Module(source, scopes.tree)
        done = one_pass(self.ruling, module, scopes, evaluator)
        result = recorded(module, done)
        if isinstance(source, NotebookSource | DocumentSource):
            result = with_unread(result, source, scopes, done, world.unread(source))
        if result.outcome is not Outcome.CHANGED:
            return result
        problem = disproof(self.ruling, module, scopes, world, result)
        if problem is None:
            return result
        reason = f"the result would not be right, so nothing was changed: {problem}"
        return _failed(source, reason, hint="please report this file")

    def _opened(self) -> tuple[World, Evaluator]:
        if self._world is None or self._evaluator is None or self.root is None:
            self._world = World(self.root, self.targets)
            self._evaluator = Evaluator(self._world)
        return self._world, self._evaluator


def _failed(source: Source, reason: str, *, line: int | None = None, hint: str | None = None) -> FileResult:
    failure = Failure(reason, Position(line, 1) if line else None, hint)
    return FileResult(source.path, Outcome.FAILED, source.text, source.text, source, failure=failure)


@contextmanager
def _collector_off() -> Iterator[None]:
    """Syntax trees are no garbage while a file is worked on: the cycle collector would only look at them again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
