"""What do the files of a run hold: a source for the engine, nothing of Keras, or something that cannot be read?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kmigrate.results import Failure
from kmigrate.source.discovery import Found, project_root, python_files
from kmigrate.source.kinds import kind_of
from kmigrate.source.prefilter import Mentions, may_speak_keras, mentions
from kmigrate.source.text import Source, UndecodableSource


@dataclass(frozen=True, slots=True)
class Read:
    """A file that was read: a source if it may speak of Keras, a failure if it could not be read, or neither."""

    found: Found
    source: Source | None = None
    failure: Failure | None = None


def read(files: Iterable[Found], walked: Iterable[Path | str] = ()) -> tuple[Read, ...]:
    """Each file, read once; only those that may speak of Keras are decoded.

    A file without the word `keras` may still use a model that comes from a file with it, which need not be a file of
    the run; so the rest of the project is looked at where a silent file imports anything, unless the project lies in
    one of the folders `walked`.
    """
    found = tuple(files)
    contents = {item.path: _contents(item) for item in found}
    seen = {path: mentions(path, data) for path, data in contents.items() if isinstance(data, bytes)}
    speaking = may_speak_keras(_with_surroundings(found, seen, {Path(path).absolute() for path in walked}))
    return tuple(_read(item, contents[item.path], item.path in speaking) for item in found)


def decode(data: bytes, path: str | None) -> Source | Failure:
    """The source that the bytes are, or why they are none."""
    try:
        return kind_of(path).from_bytes(data, path)
    except UndecodableSource as error:
        return Failure(str(error), hint="save it as UTF-8, or declare its encoding in the first line")


def _contents(item: Found) -> bytes | Failure:
    if item.problem is not None:
        return Failure(item.problem)
    if not item.path.is_file():
        return Failure("not a file that can be read as text")
    try:
        return item.path.read_bytes()
    except OSError as error:
        return Failure(f"the file cannot be read: {(error.strerror or str(error)).lower()}")


def _with_surroundings(found: Sequence[Found], seen: dict[Path, Mentions], walked: set[Path]) -> dict[Path, Mentions]:
    files = dict(seen)
    for root in {item.root for item in found if item.path in seen and seen[item.path].imports}:
        if not walked.isdisjoint((root, *root.parents)):
            continue
        around = python_files(root) if project_root(root) else root.glob("*.py")
        for path in around:
            if path not in files:
                try:
                    files[path] = mentions(path, path.read_bytes())
                except OSError:
                    continue
    return files


def _read(item: Found, data: bytes | Failure, speaking: bool) -> Read:
    if isinstance(data, Failure):
        return Read(item, failure=data)
    if not speaking:
        return Read(item)
    source = decode(data, str(item.path))
    return Read(item, failure=source) if isinstance(source, Failure) else Read(item, source=source)
