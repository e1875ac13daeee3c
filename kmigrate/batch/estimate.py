"""How long will the rest of a batch take, judged by what was done so far and the bytes that are left?"""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from kmigrate.batch.repositories import Repository
from kmigrate.source.discovery import python_files

ENOUGH = 50
"""Nothing is said while more than so many times the bytes are left of those that are done: a start says little of the rest."""


class Estimate:
    """Counts repositories as they are done. Those that have to be cloned first weigh as much as the mean of the others."""

    def __init__(self, repositories: Iterable[Repository]) -> None:
        sizes = {item.name: size(item.path) if item.path is not None else None for item in repositories}
        known = [found for found in sizes.values() if found is not None]
        mean = sum(known) // len(known) if known else 1
        self._left = {name: mean if found is None else found for name, found in sizes.items()}
        self._started = time.monotonic()
        self._worked = 0

    def done(self, name: str) -> None:
        """A repository is done."""
        self._worked += self._left.pop(name, 0)

    @property
    def seconds(self) -> float | None:
        """Seconds that are left; None as long as nothing can be said."""
        if not self._left:
            return 0.0
        left = sum(self._left.values())
        if self._worked * ENOUGH < left:
            return None
        return (time.monotonic() - self._started) * left / self._worked


def size(folder: Path) -> int:
    """Bytes of the Python files below a folder, which nobody reads for this."""
    total = 1
    with suppress(OSError, ValueError):
        for path in python_files(folder):
            with suppress(OSError):
                total += path.stat().st_size
    return total


def in_words(seconds: float) -> str:
    """`40 s`, `3 min`, `1 h 20 min`."""
    if seconds < 60:
        return f"{max(seconds, 1):.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
