"""Is a project the one of the last run: the same modules and folders that an import can lead to, with the same bytes?

Which of them a result depends on is known only after the work; so it is taken to depend on all of them.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

FILES = 50
"""So many files are read for each one that the engine is spared: that takes a small part of its time."""

ENTRIES = 20
"""So many names of folders and files are looked at for each file that may be read."""

BYTES = 2_000_000
"""So many bytes are read for each file that the engine is spared, at most."""


def fingerprint(root: Path, sources: Iterable[Path]) -> str | None:
    """One hash of all that imports in these files can find below the root; None where it would take too long.

    Hidden folders, and others whose names no import can say, count if one of the files lies in them.
    """
    paths = tuple(sources)
    homes = {str(folder) for path in paths for folder in path.parents}
    left = _Left(FILES * (len(paths) + 4), BYTES * len(paths))
    found = sha256()
    try:
        for name, data in _walk(str(root), homes, left, set()):
            found.update(f"{name!r} {len(data)}\n".encode())
            found.update(data)
    except _TooMuch:
        return None
    return found.hexdigest()


class _TooMuch(Exception):
    """The project is large and the work is little."""


class _Left:
    """What may still be looked at."""

    def __init__(self, files: int, size: int) -> None:
        self.entries = files * ENTRIES
        self.files = files
        self.size = size

    def take(self, *, entries: int = 0, files: int = 0, size: int = 0) -> None:
        self.entries -= entries
        self.files -= files
        self.size -= size
        if min(self.entries, self.files, self.size) < 0:
            raise _TooMuch


def _walk(folder: str, homes: set[str], left: _Left, seen: set[tuple[int, int]]) -> Iterator[tuple[str, bytes]]:
    try:
        status = os.stat(folder)  # noqa: PTH116 - as strings: there may be many
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        yield folder, f"unreadable {error.errno}".encode()
        return
    yield folder, os.fsencode(os.path.realpath(folder))
    if (status.st_dev, status.st_ino) in seen:
        return
    seen.add((status.st_dev, status.st_ino))
    left.take(entries=len(entries))
    for entry in entries:
        if entry.name.endswith(".py"):
            yield entry.path, _contents(entry.path, left)
        elif entry.is_dir() and (entry.name.isidentifier() or entry.path in homes):
            yield from _walk(entry.path, homes, left, seen)


def _contents(path: str, left: _Left) -> bytes:
    with suppress(OSError):
        status = os.stat(path)  # noqa: PTH116 - as above
        if stat.S_ISREG(status.st_mode):
            left.take(files=1, size=status.st_size)
            return b"bytes " + Path(path).read_bytes()
    return b"no file"
