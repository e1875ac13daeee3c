"""Which files of a run need no engine, as nothing changed that their results depend on?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from kmigrate.cache import plain
from kmigrate.cache.conditions import conditions
from kmigrate.cache.fingerprint import fingerprint
from kmigrate.cache.store import Store
from kmigrate.config import Settings
from kmigrate.reading import Read
from kmigrate.results import FileResult, Outcome
from kmigrate.source.text import Source


class Remembered:
    """The files of a run, divided into those whose results are known and the rest, which is work.

    Without a store, all of them are work.
    """

    def __init__(self, files: Sequence[Read], settings: Settings, store: Store | None) -> None:
        self._files = tuple(files)
        self._store = store
        self._projects = {} if store is None else _projects(self._files, settings, store)
        self._known = dict(self._look_up())
        self.rest = tuple(file for place, file in enumerate(self._files) if place not in self._known)
        """The files that are work."""

    def merged(self, results: Iterator[FileResult]) -> Iterator[FileResult]:
        """The results for all files in their order; `results` are those for the rest. New ones are kept in the end."""
        found: dict[Path, dict[str, Any]] = {}
        for place, file in enumerate(self._files):
            known = self._known.get(place)
            if known is not None:
                yield known
                continue
            result = next(results)
            if file.source is not None and file.found.root in self._projects and _worth_keeping(result, file.source):
                found.setdefault(file.found.root, {})[_key(file)] = [_digest(file.source), plain.plain(result)]
            yield result
        for root, new in found.items():
            self._keep(self._projects[root], new)

    def _look_up(self) -> Iterator[tuple[int, FileResult]]:
        for place, file in enumerate(self._files):
            project = self._projects.get(file.found.root)
            entry = project.kept.get(_key(file)) if project is not None and file.source is not None else None
            if entry is not None and file.source is not None and entry[0] == _digest(file.source):
                with suppress(TypeError, ValueError):  # what nobody can read is work
                    yield place, plain.result(entry[1], file.source, file.found.shown)

    def _keep(self, project: _Project, new: dict[str, Any]) -> None:
        """What changed while the run was at work may have been read by it before or after: then nothing is kept."""
        if self._store is not None and fingerprint(project.root, project.paths) == project.fingerprint:
            kept = {"fingerprint": project.fingerprint, "files": project.kept | new}
            self._store.save(project.name, kept)


@dataclass(frozen=True, slots=True)
class _Project:
    """A project as the run met it, and what is kept for files of it: the hash of each, and its result."""

    root: Path
    paths: tuple[Path, ...]
    name: str
    fingerprint: str
    kept: dict[str, Any] = field(default_factory=dict)


def _projects(files: Sequence[Read], settings: Settings, store: Store) -> dict[Path, _Project]:
    paths: dict[Path, list[Path]] = {}
    for file in files:
        if file.source is not None:
            paths.setdefault(file.found.root, []).append(file.found.path)
    now = conditions(settings) if paths else ""
    found = (_project(root, tuple(inside), now, store) for root, inside in paths.items())
    return {project.root: project for project in found if project is not None}


def _project(root: Path, paths: tuple[Path, ...], now: str, store: Store) -> _Project | None:
    mark = fingerprint(root, paths)
    if mark is None:
        return None
    name = sha256(f"{root}\n{now}".encode("utf-8", "surrogateescape")).hexdigest()[:32]
    project = _Project(root, paths, name, mark)
    kept = store.load(name)
    return project if kept is None or kept.get("fingerprint") != mark else replace(project, kept=kept["files"])


def _worth_keeping(result: FileResult, source: Source) -> bool:
    return result.outcome is not Outcome.FAILED and result.before == source.text


def _key(file: Read) -> str:
    return str(file.found.path)


def _digest(source: Source) -> str:
    """Of the bytes of the file, and of how they were read."""
    what = f"{type(source).__name__} {source.encoding}\n".encode()
    return sha256(what + source.encode(source.text)).hexdigest()
