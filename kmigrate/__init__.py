"""Moves Keras 1 source code to Keras 2 so that it computes the same numbers.

>>> import kmigrate
>>> kmigrate.migrate_text("from keras.layers import Dense\\nDense(output_dim=3)\\n").after
'from keras.layers import Dense\\nDense(units=3)\\n'

Everything below is imported on first use, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from kmigrate.api import explain, migrate_buffer, migrate_path, migrate_text, modules, scan, settings_for
    from kmigrate.config import Settings
    from kmigrate.edits import Confidence, Edit, Replacement, Span
    from kmigrate.errors import (
        GitFailed,
        InvalidRule,
        InvalidSetting,
        KmigrateError,
        NothingToRead,
        NothingToUndo,
        OverlappingEdits,
        PathNotFound,
        UnknownRule,
        UnknownVersion,
        WriteRefused,
    )
    from kmigrate.exits import Exit
    from kmigrate.results import Change, Failure, FileResult, Needed, Note, Outcome, Position, Review, State, Use
    from kmigrate.source.text import UndecodableSource

__all__ = [
    "Change", "Confidence", "Edit", "Exit", "Failure", "FileResult", "GitFailed", "InvalidRule", "InvalidSetting",
    "KmigrateError", "Needed", "Note", "NothingToRead", "NothingToUndo", "Outcome", "OverlappingEdits", "PathNotFound",
    "Position", "Replacement", "Review", "Settings", "Span", "State", "UndecodableSource", "UnknownRule",
    "UnknownVersion", "Use", "WriteRefused", "__version__", "explain", "migrate_buffer", "migrate_path", "migrate_text",
    "modules", "scan", "settings_for",
]  # fmt: skip


def __getattr__(name: str) -> object:
    if name in __all__:
        for module in ("results", "edits", "errors", "exits", "config", "api", "source.text"):
            found = getattr(import_module(f"kmigrate.{module}"), name, None)
            if found is not None:
                return found
    raise AttributeError(f"module 'kmigrate' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
