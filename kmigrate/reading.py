"""What do the files of a run hold: a source for the engine, nothing of Keras, or something that cannot be read?"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from kmigrate.results import Failure
from kmigrate.source.discovery import Found, project_root, python_files
from kmigrate.source.kinds import kind_of
from kmigrate.source.prefilter import Mentions, may_speak_keras, mentions
from kmigrate.source.text import Source, UndecodableSource

UNREADABLE = "make it a file that you may read, or leave it out"
"""What to do about a path whose bytes cannot be had."""


class Read(NamedTuple):
    """A file that was read: a source if it may speak of Keras, a failure if it could not be read, or neither."""

    found: Found
    source: Source | None = None
    failure: Failure | None = None


def read(files: Iterable[Found], walked: Iterable[Path | str] = ()) -> tuple[Read, ...]:
    """Each file, looked at; only those that may speak of Keras are kept and decoded.

    A file without the word `keras` may still use a model that comes from a file with it, which need not be a file of
    the run; so the rest of the project is looked at where a silent file imports anything, unless the project lies in
    one of the folders `walked`.
    """
    found = tuple(files)
    contents: dict[Path, bytes | Failure] = {}
    projects: dict[Path, dict[Path, Mentions]] = {}
    for item in found:
        data = _contents(item)
        if isinstance(data, bytes):
            seen = projects.setdefault(item.root, {})[item.path] = mentions(item.path, data)
            if not seen.keras:
                continue
        contents[item.path] = data
    folders = {Path(path).absolute() for path in walked}
    speaking: set[Path] = set()
    for root, members in projects.items():
        speaking |= may_speak_keras(members if folders & {root, *root.parents} else _with_surroundings(root, members))
    return tuple(_read(item, contents, item.path in speaking) for item in found)


def decode(data: bytes, path: str | None) -> Source | Failure:
    """The source that the bytes are, or why they are none."""
    try:
        return kind_of(path).from_bytes(data, path)
    except UndecodableSource as error:
        return Failure(str(error), hint=error.hint)


def _contents(item: Found) -> bytes | Failure:
    if item.problem is not None:
        return Failure(item.problem, hint=UNREADABLE)
    try:
        return _bytes(item.path)
    except OSError as error:
        return Failure(f"the file cannot be read: {(error.strerror or str(error)).lower()}", hint=UNREADABLE)


def _bytes(path: Path) -> bytes:
    """All bytes of a file, in half of the time of `Path.read_bytes`: most files are small, and nobody needs a buffer."""
    descriptor = os.open(path, os.O_RDONLY | _BINARY)
    try:
        parts = [os.read(descriptor, _PART)]
        while parts[-1]:
            parts.append(os.read(descriptor, _PART))
    finally:
        os.close(descriptor)
    return parts[0] if len(parts) == 2 else b"".join(parts)


_BINARY = getattr(os, "O_BINARY", 0)
_PART = 1 << 16


def _with_surroundings(root: Path, files: dict[Path, Mentions]) -> dict[Path, Mentions]:
    """The files of a project, with the others below its root where one of them may have Keras from those."""
    if not any(seen.imports for seen in files.values()):
        return files
    all_files = dict(files)
    for path in python_files(root) if project_root(root) else root.glob("*.py"):
        if path not in all_files:
            try:
                all_files[path] = mentions(path, path.read_bytes())
            except OSError:
                continue
    return all_files


def _read(item: Found, contents: dict[Path, bytes | Failure], speaking: bool) -> Read:
    data = contents.get(item.path)
    if data is None:
        if not speaking:
            return Read(item)
        data = _contents(item)  # that it is of interest was not known when it was looked at
    if isinstance(data, Failure):
        return Read(item, failure=data)
    source = decode(data, str(item.path))
    return Read(item, failure=source) if isinstance(source, Failure) else Read(item, source=source)
