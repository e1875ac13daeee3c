"""What would become of a file under this or that choice of its changes?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kmigrate.config import Settings
from kmigrate.execution.tasks import migrate_safely
from kmigrate.overrides import NOTHING, ByHand, Overrides
from kmigrate.reading import read
from kmigrate.results import Change, ChangeKey, Failure, FileResult, Outcome, State
from kmigrate.source.discovery import discover

if TYPE_CHECKING:
    from kmigrate.engine import Engine
    from kmigrate.source.text import Source


_LEFT = (State.IGNORED, State.REVIEW, State.UNACCOUNTED)


@dataclass(frozen=True)
class Trial:
    """A file that may speak of Keras, with the engine of its project; `path` is absolute, `shown` is what people read."""

    engine: Engine
    source: Source
    path: Path
    shown: str

    @cached_property
    def whole(self) -> FileResult:
        """The result with every change."""
        return self._migrated(NOTHING)

    def only(self, accepted: frozenset[ChangeKey], texts: tuple[ByHand, ...] = ()) -> FileResult:
        """The result with the accepted changes only, and with texts that a person wrote in the place of some.

        Changes that alter no text where they stand need nobody's consent, unless nothing at all is accepted: then nothing
        changes. A change that makes no sense without one that is refused is left out too: `changes` says which were made.
        """
        refused = frozenset(change.key for change in self.whole.told_changes) - accepted
        if not refused and not texts:
            return self.whole
        result = self._migrated(Overrides(refused=refused, texts=texts))
        lost = next((item for item in texts if not _holds(result, item)), None)
        if lost is not None and result.outcome is not Outcome.FAILED:
            return _not_taken(result, lost, is_import=lost.key[1:] in self.whole.imports)
        return _as_it_was(result) if not accepted and refused else result

    def told(self, key: ChangeKey) -> Change | None:
        """The change of a key; that of an import goes by its place alone, as its rule is that of some use of its names."""
        is_import = key[1:] in self.whole.imports
        told = self.whole.told_changes
        return next((one for one in told if one.key == key or (is_import and one.key[1:] == key[1:])), None)

    def senseless(self, accepted: frozenset[ChangeKey], result: FileResult) -> frozenset[ChangeKey]:
        """The accepted changes that a result is without, as they make no sense without one that is refused.

        Never an import: what it takes from where follows from the uses that are changed.
        """
        left = {(use.rule, use.start, use.end) for use in result.uses if use.kind != "import" and use.state in _LEFT}
        return frozenset(key for key in accepted if key in left)

    def _migrated(self, wanted: Overrides) -> FileResult:
        return migrate_safely(self.engine, self.source, self.shown, wanted)


def trials(paths: Iterable[Path | str], settings: Settings) -> Iterator[Trial | FileResult]:
    """The files below the paths, in order; a result for one that cannot be read, nothing for one without Keras.

    Raises what `runner.run` raises for paths and settings.
    """
    from kmigrate.engine import Engine

    given = tuple(paths)
    engines: dict[Path, Engine] = {}
    for file in read(discover(given, docs=settings.docs), given):
        found = file.found
        if file.failure is not None:
            yield FileResult(found.shown, Outcome.FAILED, failure=file.failure)
        elif file.source is not None:
            if found.root not in engines:
                engines[found.root] = Engine(found.root, settings)
            yield Trial(engines[found.root], file.source, found.path, found.shown)


def _holds(result: FileResult, item: ByHand) -> bool:
    """Whether the text that a person wrote stands in the result."""
    span = item.span
    around = (made for made in result.replacements if made.start <= span.start and span.end <= made.end)
    return any(item.text in made.text for made in around)


def _not_taken(result: FileResult, item: ByHand, *, is_import: bool) -> FileResult:
    """A failed result: no text of a person's is dropped without a word."""
    reason = f"the text written by hand for {item.key[0]} has no place of its own"
    if is_import:
        reason = "an import follows from the changes that need it, so its text cannot be written by hand"
    failure = Failure(reason, result.source.place(item.span.start) if result.source else None, _EDIT_LATER)
    return replace(_as_it_was(result), outcome=Outcome.FAILED, failure=failure)


_EDIT_LATER = "approve the change as it is, and edit the file afterwards"


def _as_it_was(result: FileResult) -> FileResult:
    """The result of a run that changes nothing, as nothing was agreed to."""
    return replace(result, outcome=Outcome.IGNORED, after=result.before, replacements=(), changes=(), notes=(), failure=None)
