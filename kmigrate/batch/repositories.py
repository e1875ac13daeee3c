"""Which repositories does a batch look at: the folders of a folder, or the lines of a list?"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from kmigrate.errors import InvalidSetting, NothingToRead, PathNotFound
from kmigrate.lookup import is_folder, is_there
from kmigrate.source.discovery import SKIPPED, SUFFIXES


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository of a batch.

    `name` is its own within the batch. `path` is the folder it lies in, or None for one that has to be cloned from `url`.
    `inner` are the folders in it, relative to it, that are repositories of the batch themselves: what lies there is theirs.
    """

    name: str
    path: Path | None
    url: str | None = None
    inner: tuple[Path, ...] = ()


def find(targets: Iterable[Path]) -> tuple[Repository, ...]:
    """The repositories that the targets name, each once.

    A folder with a `.git` is a repository; any other folder holds repositories: each of its folders is one, unless that
    one has no `.git` itself but holds folders that have (`owner/name`). A file is a list, one repository a line: a path,
    relative to the list, or what `git clone` takes; `#` begins a comment. Raises PathNotFound, NothingToRead.
    """
    found: dict[str, Repository] = {}
    for target in targets:
        if not target.exists():
            raise PathNotFound(f"`{target}` does not exist", hint="name a folder of repositories, or a list of them")
        for repository in _folder(target) if target.is_dir() else _listed(target):
            found.setdefault(repository.url or _real(repository.path), repository)
    if not found:
        hint = "name the folder that holds their folders, or a list of paths; `kmigrate migrate` takes one project"
        raise NothingToRead("there are no repositories there", hint=hint)
    return tuple(_named(_nested(found)))


def left_out(targets: Iterable[Path]) -> Iterator[str]:
    """What lies beside the repositories and is of none of them: files in a folder that holds repositories."""
    for target in targets:
        if target.is_dir() and not _is_work_tree(target):
            names = [path for path in target.iterdir() if path.name.lower().endswith(SUFFIXES)]
            if names:
                what = "1 file belongs" if len(names) == 1 else f"{len(names)} files belong"
                yield f"{what} to no repository, directly in `{target}`, and will not be looked at"


def _folder(target: Path) -> Iterator[Repository]:
    top = target.absolute()
    if _is_work_tree(top):
        yield Repository(top.name, top)
        return
    for child in _children(top):
        inner = [] if _is_work_tree(child) else [path for path in _children(child) if _is_work_tree(path)]
        for path in inner or [child]:
            yield Repository(path.relative_to(top).as_posix(), path)


def _children(folder: Path) -> list[Path]:
    """The folders in a folder; none in one that cannot be read, which is told of when its turn comes."""
    names = []
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(OSError):  # a link that leads to itself
                if entry.is_dir():
                    names.append(entry.name)
    return [folder / name for name in sorted(names) if not name.startswith(".") and name not in SKIPPED]


def _listed(target: Path) -> Iterator[Repository]:
    try:
        lines = target.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = (getattr(error, "strerror", None) or "it is no UTF-8 text")
        raise InvalidSetting(f"`{target}` is no list of repositories: {reason}", hint="one path or URL a line") from error
    for line in lines:
        place = re.sub(r"(^|\s)#.*", "", line).strip()
        if not place:
            continue
        if _URL.match(place):
            yield Repository(_last(place), None, place)
            continue
        path = (target.parent / os.path.expanduser(place)).absolute()  # noqa: PTH111 - a home that is none is no folder
        bare = is_there(path / "HEAD") and is_folder(path / "objects")
        yield Repository(_last(place), None, str(path)) if bare else Repository(path.name, path)


def _nested(found: dict[str, Repository]) -> Iterator[Repository]:
    """The repositories, each with those that lie in it; `found` knows them by their real places."""
    inner: dict[str, list[Path]] = {}
    for place, repository in found.items():
        for above in Path(place).parents if repository.path is not None else ():
            if str(above) in found:
                inner.setdefault(str(above), []).append(Path(place).relative_to(above))
    for place, repository in found.items():
        yield replace(repository, inner=tuple(inner.get(place, ())))


def _named(repositories: Iterable[Repository]) -> Iterator[Repository]:
    """Names that are taken get a number."""
    taken: set[str] = set()
    for repository in repositories:
        name, number = repository.name, 1
        while name in taken:
            number += 1
            name = f"{repository.name}-{number}"
        taken.add(name)
        yield replace(repository, name=name)


def _real(path: Path | None) -> str:
    """The path without links; one that no system takes stays as it is, and fails when its turn comes."""
    with suppress(OSError, ValueError):
        return os.path.realpath(path or "")
    return str(path)


def _is_work_tree(folder: Path) -> bool:
    return is_there(folder / ".git")


def _last(place: str) -> str:
    return re.split(r"[/:\\]", place.rstrip("/"))[-1].removesuffix(".git") or "repository"


_URL = re.compile(r"[a-z][a-z0-9+.-]*://|[\w.-]+@[\w.-]+:|[\w.-]{2,}:(?![/\\])", re.IGNORECASE)
"""`scheme://...`, `user@host:path` and `host:path`."""
