"""Which files does a run read, and which project does each belong to?"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TypeAlias

from kmigrate.errors import NothingToRead, PathNotFound
from kmigrate.lookup import is_folder, nearest
from kmigrate.source.document import source as document
from kmigrate.source.gitignore import Ignored, no_rules, rules_above

SKIPPED = frozenset(
    {".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__", ".ropeproject", "site-packages", ".tox",
     ".ipynb_checkpoints"}
)
"""Folders that never hold the project's own code."""

SUFFIXES = (".py", ".ipynb")
"""How the names of Python sources end."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read.

    `path` is absolute; `shown` is what people read: relative to the working directory where it lies below it.
    `root` is the top folder of the project, `problem` says why the file cannot be read at all.
    """

    path: Path
    shown: str
    root: Path
    problem: str | None = None


def discover(paths: Iterable[Path | str], *, docs: bool = False) -> tuple[Found, ...]:
    """The files of a run, each once, in the order of their paths.

    Folders are walked for `*.py` and `*.ipynb`, with `docs` for `*.md` and `*.rst`, too; a file that is named is taken
    whatever its ending. Links met on a walk are not followed: what they lead to is found where it is, or lies outside.
    Raises PathNotFound and NothingToRead.
    """
    endings = SUFFIXES + document.SUFFIXES if docs else SUFFIXES
    found: dict[str, Found] = {}
    root_of = cache(project_root)
    for given in paths:
        start = Path(os.path.abspath(given))  # noqa: PTH100 - links stay as they were given
        top = start if is_folder(start) else start.parent
        for path, problem in _below(start, given, endings):
            item = Found(path, shown(path), root_of(path.parent) or top, problem)
            found.setdefault(os.path.realpath(path), item)
    return tuple(sorted(found.values(), key=lambda item: item.path.parts))


def python_files(folder: Path) -> Iterator[Path]:
    """The Python sources below a folder, those ignored by git left out; a folder that cannot be read counts as empty."""
    return (path for path, problem in _walk(folder, rules_above(folder), SUFFIXES) if problem is None)


def project_files(top: Path) -> Iterator[Path]:
    """The same of a project; of a folder that is none, and may be somebody's whole home, those near its top."""
    if project_root(top):
        return python_files(top)
    return chain.from_iterable(top.glob(f"{folder}*{ending}") for folder in ("", "*/") for ending in SUFFIXES)


def project_root(folder: Path) -> Path | None:
    """The work tree of git that holds the folder, else the nearest folder with a pyproject.toml or setup.py."""
    return nearest(folder, ".git") or nearest(folder, "pyproject.toml", "setup.py")


def not_found(given: Path | str) -> PathNotFound:
    """The error for a path that leads to nothing."""
    return PathNotFound(f"`{given}` does not exist", hint="check the spelling and the working directory")


def root_around(folder: Path) -> Path:
    """The project that holds a folder; the folder itself where none does."""
    return project_root(folder) or folder


def shown(path: Path) -> str:
    """The path as people read it: relative to the working directory where it lies below it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


_Seen: TypeAlias = tuple[Path, "str | None"]


def _below(start: Path, given: Path | str, endings: tuple[str, ...]) -> Iterator[_Seen]:
    try:
        start.stat()
    except PermissionError as error:
        yield start, f"the file cannot be read: {(error.strerror or str(error)).lower()}"
        return
    except OSError:
        pass
    if start.is_dir():
        walk = _walk(start, rules_above(start), endings)
        first = next(walk, None)
        if first is None:
            raise NothingToRead(f"`{given}` holds no Python files", hint="what git ignores counts if you name it")
        yield first
        yield from walk
    elif start.is_file():
        yield start, None
    elif start.exists():
        yield start, "not a file that can be read as text"
    elif start.is_symlink():
        yield start, f"the link leads nowhere: {os.readlink(start)}"  # noqa: PTH115
    else:
        raise not_found(given)


def _walk(folder: Path, ignored: Ignored, endings: tuple[str, ...], *, top: bool = True) -> Iterator[_Seen]:
    try:
        with os.scandir(folder) as listing:
            entries = {entry.name: entry for entry in sorted(listing, key=lambda entry: entry.name)}
    except OSError as error:
        yield folder, f"the folder cannot be read: {error.strerror or error}"
        return
    if ".git" in entries and not top:
        ignored = no_rules(folder)
    if ".gitignore" in entries and ignored.active:
        ignored = ignored.with_rules_of(folder)
    for name, entry in entries.items():
        if entry.is_dir(follow_symlinks=False):
            if name not in SKIPPED and not ignored.folder(entry.path):
                yield from _walk(Path(entry.path), ignored, endings, top=False)
        elif name.lower().endswith(endings) and entry.is_file(follow_symlinks=False) and not ignored.file(entry.path):
            yield Path(entry.path), None
