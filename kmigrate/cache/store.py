"""Where is what was kept, is it whole, and how much may it be?

One file for each project and conditions, named by their hash: a line that says what it is, the hash of the rest, and
JSON. What is broken counts as not there. Nothing in it is ever executed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from kmigrate.places import cache_home
from kmigrate.writing import put_bytes

LIMIT = 200_000_000
"""Bytes that are kept in all; what was not used for the longest time goes first."""

_HEAD = b"kmigrate results 1\n"


@dataclass(frozen=True, slots=True)
class Store:
    """A folder for results, the user's by default; it need not be there yet."""

    folder: Path
    limit: int = LIMIT

    def load(self, name: str) -> dict[str, Any] | None:
        """What was kept under a name; None if there is nothing, or nothing that is whole."""
        path = self._path(name)
        try:
            data = path.read_bytes()
            head, check, body = data[: len(_HEAD)], data[len(_HEAD) : len(_HEAD) + 64], data[len(_HEAD) + 64 :]
            if head != _HEAD or sha256(body).hexdigest().encode() != check:
                return None
            os.utime(path)
            found = json.loads(body)
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def save(self, name: str, data: dict[str, Any]) -> None:
        """Keep it. Nobody needs to know when that cannot be: the next run does the work again."""
        body = json.dumps(data, separators=(",", ":")).encode("ascii")
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            put_bytes(self._path(name), _HEAD + sha256(body).hexdigest().encode() + body)
            self._shrink()

    def size(self) -> tuple[int, int]:
        """(projects, bytes)."""
        sizes = [size for _, size, _ in self._files()]
        return len(sizes), sum(sizes)

    def clear(self) -> tuple[int, int]:
        """Forget everything; (projects, bytes) that were there."""
        gone = self.size()
        for _, _, path in self._files():
            path.unlink(missing_ok=True)
        return gone

    def _shrink(self) -> None:
        left = self.limit
        for _, size, path in sorted(self._files(), reverse=True):
            left -= size
            if left < 0:
                path.unlink(missing_ok=True)

    def _files(self) -> Iterator[tuple[int, int, Path]]:
        for path in self.folder.glob(f"*{_SUFFIX}"):
            with suppress(OSError):
                status = path.stat()
                yield status.st_mtime_ns, status.st_size, path

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}{_SUFFIX}"


_SUFFIX = ".results"


def store(folder: Path | None = None) -> Store:
    """The user's store, or the one in a folder of one's own."""
    return Store(folder if folder is not None else cache_home() / "results")
