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
    """The Python that has this Keras; MissingKeras if there is none."""
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
