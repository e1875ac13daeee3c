"""One source through all the stages: parse, resolve, match, rewrite, verify.

`text -> result` without I/O of its own; an engine with a project root reads the modules that a source imports.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from kmigrate.collector import collector_off
from kmigrate.config import Settings
from kmigrate.errors import OverlappingEdits
from kmigrate.neighbours import Neighbours
from kmigrate.overrides import NOTHING, Overrides, names_of
from kmigrate.passes import one_pass
from kmigrate.proof import disproof
from kmigrate.records import recorded
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.world import World
from kmigrate.results import Failure, FileResult, Outcome, Position
from kmigrate.ruling import Ruling, ruling
from kmigrate.source.document.source import DocumentSource
from kmigrate.source.module import Module
from kmigrate.source.notebook.source import NotebookSource
from kmigrate.source.suppressions import NONE, ignores
from kmigrate.source.text import Source
from kmigrate.todo.insert import with_todos
from kmigrate.unread import with_unread
from kmigrate.vendored import Copies


class Engine:
    """Migrates the sources of one project.

    root: the project's top folder, where imports are looked up; None for a lone buffer.
    known: the ruling of these settings, if the run has made one already.
    beside: texts of other files of the project, not saved yet perhaps, that count instead of what those files hold.
    Raises InvalidRule, UnknownRule or UnknownVersion for settings that make no sense.
    """

    _world: World | None = None
    _evaluator: Evaluator | None = None
    _neighbours: Neighbours | None = None

    def __init__(
        self, root: Path | None, settings: Settings, known: Ruling | None = None, *, beside: Sequence[Source] = ()
    ) -> None:
        self.root = root
        self.settings = settings
        self.ruling = known or ruling(settings)
        self._beside = tuple(beside)
        self._copies = Copies(root) if root is not None else None

    def __del__(self) -> None:
        self.forget()

    @property
    def targets(self) -> tuple[str, ...]:
        """The Keras 2 versions that the result must run on."""
        return self.ruling.targets

    def migrate(self, source: Source, wanted: Overrides = NOTHING) -> FileResult:
        """The result for one source, without the changes that `wanted` refuses and what depends on them.

        Never raises for bad sources: they end as FAILED, with the reason.
        """
        if not source.text.strip():
            return FileResult(source.path, Outcome.NOT_KERAS, source.text, source.text, source)
        try:
            with collector_off():
                result = self._copies.left_alone(source) if self._copies is not None else None
                if result is not None:
                    return result
                result = self._migrated(source, wanted)
                if self.settings.todo:
                    result = with_todos(result, self._again)
                return self._copies.told(result, source) if self._copies is not None else result
        except SyntaxError as error:
            return _failed(source, f"syntax error: {error.msg}", line=error.lineno, hint=_MEND)
        except (RecursionError, MemoryError):
            return _failed(source, "the code is nested too deeply to be analysed", hint="divide its deepest expression or block")
        except (OverlappingEdits, ValueError) as error:
            return _failed(source, str(error))

    def forget(self) -> None:
        """Let all modules go that were read; they are read again where they are needed.

        Frees the trees now: the collector, which is off meanwhile, would take half of the time of a run to find them.
        """
        if self._world is not None and self._evaluator is not None:
            self._world.release()
            self._evaluator.release()
        self._world = self._evaluator = self._neighbours = None

    def _migrated(self, source: Source, wanted: Overrides) -> FileResult:
        comments = ignores(source)
        if comments.file is not None:
            return FileResult(source.path, Outcome.IGNORED, source.text, source.text, source)
        world, evaluator = self._opened()
        scopes = world.open(source)
        module = Module(source, scopes.tree)
        asked = replace(wanted, ignores=comments)
        done = one_pass(self.ruling, module, scopes, evaluator, wanted=asked, neighbours=self._neighbours)
        every_rule = not (self.settings.select or self.settings.ignore)
        result = recorded(module, done, comments if every_rule else NONE)
        if isinstance(source, NotebookSource | DocumentSource):
            result = with_unread(result, source, scopes, done, world.read(source).unread)
        if result.outcome is not Outcome.CHANGED:
            return result
        if wanted:
            wanted = replace(wanted, names=names_of(done.decisions))
        problem = disproof(self.ruling, module, scopes, world, result, wanted, verdict=done.verdict)
        if problem is None:
            return result
        reason = f"the result would not be right, so nothing was changed: {problem}"
        return _failed(source, reason, hint=None if wanted.texts else "please report this file")

    def _again(self, source: Source) -> FileResult:
        """The result for a new text of a source, which no other source of the project is to see."""
        return Engine(self.root, self.settings, self.ruling)._migrated(source, NOTHING)

    def _opened(self) -> tuple[World, Evaluator]:
        if self._world is None or self._evaluator is None or self.root is None:
            self.forget()
            self._world = World(self.root, self.targets)
            for source in self._beside:
                with suppress(SyntaxError, RecursionError, MemoryError, ValueError):  # the file counts, until the text is right
                    self._world.open(source)
            self._evaluator = Evaluator(self._world)
            self._neighbours = Neighbours(self.ruling, self._world, self._evaluator) if self.root is not None else None
        return self._world, self._evaluator


_MEND = "mend the line and run again: Python cannot read it either"


def _failed(source: Source, reason: str, *, line: int | None = None, hint: str | None = None) -> FileResult:
    failure = Failure(reason, Position(line, 1) if line else None, hint)
    return FileResult(source.path, Outcome.FAILED, source.text, source.text, source, failure=failure)
