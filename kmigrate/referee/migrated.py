"""What does kmigrate make of a program, for one Keras 2?"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from kmigrate.config import Settings
from kmigrate.engine import Engine
from kmigrate.keras.versions import DEFAULT_TARGETS
from kmigrate.results import FileResult
from kmigrate.source.text import Source


def migrated(text: str, version: str, unsafe: bool = False, rules: tuple[Path, ...] = ()) -> FileResult:
    """The one text for all targets if the version is one, else the text for it. `rules`: folders of other rules."""
    to = None if version in DEFAULT_TARGETS else version
    return _engine(to, unsafe, rules).migrate(Source.from_bytes(text.encode()))


@cache
def _engine(to: str | None, unsafe: bool, rules: tuple[Path, ...]) -> Engine:
    return Engine(None, Settings(to=to, unsafe=unsafe, rules=rules))
