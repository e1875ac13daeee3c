"""What is there, as far as anybody may see? That a folder above cannot be searched is no error here."""

from __future__ import annotations

import os
from pathlib import Path


def is_there(path: Path) -> bool:
    """Whether a file or folder is there."""
    return os.path.exists(path)  # noqa: PTH110 - Path.exists raises PermissionError


def is_folder(path: Path) -> bool:
    """Whether a folder is there."""
    return os.path.isdir(path)  # noqa: PTH112 - Path.is_dir raises PermissionError


def nearest(folder: Path, *marks: str) -> Path | None:
    """The folder, or the nearest above it, that holds something of one of these names."""
    return next((above for above in (folder, *folder.parents) if any(is_there(above / mark) for mark in marks)), None)
