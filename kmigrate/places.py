"""Where does kmigrate keep what is its own: never in the user's repositories, always in the folders that XDG names?"""

from __future__ import annotations

import os
from pathlib import Path


def state_home() -> Path:
    """The folder for what must outlive a run: records of runs, batches under way."""
    return _base("XDG_STATE_HOME", ".local/state") / "kmigrate"


def cache_home() -> Path:
    """The folder for what can be made again."""
    return _base("XDG_CACHE_HOME", ".cache") / "kmigrate"


def _base(variable: str, default: str) -> Path:
    """XDG says: a path that is not absolute counts as not set."""
    given = Path(os.environ.get(variable) or "")
    return given if given.is_absolute() else Path.home() / default
