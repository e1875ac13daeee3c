"""Where are the real Kerases? One virtual environment a version, in a folder outside the checkout."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from kmigrate.errors import KmigrateError
from kmigrate.exits import Exit

VARIABLE = "KMIGRATE_KERAS_ENVS"
DEFAULT = "~/.cache/kmigrate/keras"


class MissingKeras(KmigrateError):
    """A real Keras that is needed has no environment, or its environment does not work."""

    exit = Exit.FAILED


def environments() -> Path:
    """The folder that holds the environments."""
    return Path(os.environ.get(VARIABLE) or DEFAULT).expanduser()


def interpreter(version: str, folder: Path | None = None) -> Path:
    """The Python that has this Keras; `version` may also name an environment, or a Python, by its path.

    MissingKeras if there is none.
    """
    if os.sep in version or Path(version).is_dir():
        return _in_place(Path(version).expanduser())
    python = (folder or environments()) / f"keras-{version}" / "bin" / "python"
    if not python.exists():
        raise MissingKeras(
            f"there is no environment with Keras {version}: {python} does not exist",
            hint=f"make it with `make environments`, or set {VARIABLE} to the folder that holds keras-{version}",
        )
    return python


def missing(versions: Sequence[str], folder: Path | None = None) -> list[str]:
    """The versions that have no environment."""
    absent = []
    for version in versions:
        try:
            interpreter(version, folder)
        except MissingKeras:
            absent.append(version)
    return absent


def _in_place(path: Path) -> Path:
    candidates = [path] if path.is_file() else [path / "bin" / "python", path / "Scripts" / "python.exe"]
    for python in candidates:
        if python.is_file():
            return python.absolute()
    raise MissingKeras(
        f"`{path}` is no environment: there is no Python in it",
        hint="name a virtual environment, its Python, or a version that `make environments` has made",
    )
