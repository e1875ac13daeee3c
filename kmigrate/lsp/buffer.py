"""What is in a text that an editor shows, saved or not, in the light of its project and of the other texts that are open?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pygls.uris import to_fs_path, urlparse

from kmigrate.api import settings_for
from kmigrate.config import Settings
from kmigrate.edits import Confidence
from kmigrate.engine import Engine
from kmigrate.results import Change
from kmigrate.ruleset.compiled import compiled_rules
from kmigrate.ruleset.schema import Rule
from kmigrate.source.discovery import root_around
from kmigrate.source.kinds import from_text, kind_of
from kmigrate.source.prefilter import mentions
from kmigrate.source.text import Source
from kmigrate.trial import Trial


@dataclass(frozen=True, slots=True)
class Buffer:
    """An open text that may speak of Keras. Its trial knows all changes, also those that wait for a person's consent.

    unsafe: whether the project has consented to all of them.
    """

    trial: Trial
    rules: dict[str, Rule]
    unsafe: bool

    @property
    def source(self) -> Source:
        """The text that was looked at."""
        return self.trial.source

    @property
    def changes(self) -> tuple[Change, ...]:
        """What a person can decide about."""
        return self.trial.whole.told_changes

    def waits(self, change: Change) -> bool:
        """Whether a change is made on request only."""
        return change.confidence is Confidence.UNSAFE and not self.unsafe


def look(text: str, path: Path | None, beside: Iterable[tuple[Path, str]] = ()) -> Buffer | None:
    """The text of a file, None where it certainly is not about Keras; no path for a text that was never saved.

    `beside` are the other open texts: what the file imports from them is what they say now. Notebooks and documents are none of
    these texts, as an editor does not show them as one module. Raises InvalidSetting for what the project's pyproject.toml says,
    InvalidRule, UnknownRule and UnknownVersion like an engine.
    """
    if path is not None and kind_of(path.name) is not Source:
        return None
    root = root_around(path.parent) if path is not None and path.parent.is_dir() else None
    seen = mentions(path or _UNSAVED, text.encode("utf-8", "surrogatepass"))
    if not seen.keras and (root is None or not seen.imports):
        return None
    project = settings_for(path) if path is not None else Settings()
    settings = replace(project, unsafe=True, todo=False, emit_helpers=False)
    engine = Engine(root, settings, beside=tuple(_sources(beside)))
    trial = Trial(engine, from_text(text, str(path) if path else None), path or _UNSAVED, str(path or _UNSAVED))
    if not trial.whole.uses and trial.whole.failure is None:
        return None
    engine.forget()  # its trees are read again for a change that is asked for
    return Buffer(trial, {rule.id: rule for rule in compiled_rules(settings.rules)}, project.unsafe)


def path_of(uri: str) -> Path | None:
    """The file of an open text; None for one that has no file yet, or of which nobody can read the neighbours."""
    if urlparse(uri)[0] != "file":
        return None
    path = to_fs_path(uri)
    return Path(path) if path else None


_UNSAVED = Path("unsaved.py")


def _sources(texts: Iterable[tuple[Path, str]]) -> Iterator[Source]:
    for path, text in texts:
        if kind_of(path.name) is Source:
            yield from_text(text, str(path))
