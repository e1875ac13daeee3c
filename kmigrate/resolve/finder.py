"""Which file of a project does an import mean? Asked of the file system: nothing is imported."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from kmigrate.source.discovery import project_files


class _Listing(NamedTuple):
    """The names of what lies in one folder, links by what they lead to."""

    files: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()

    def holds(self, name: str) -> bool:
        """Whether there is a module or a package of this name."""
        return f"{name}.py" in self.files or name in self.folders


class Finder:
    """Looks below the top folder of a project, the folder of the importing module first, then those around it.

    A module is named by its key, the path of its file below the top with slashes: `pkg/__init__.py` for a package, `pkg` for a
    folder without that file. The top itself is the folder ``""``. Answers are remembered: nobody adds modules during a run.
    """

    def __init__(self, top: Path) -> None:
        self._top = str(top)
        self._found: dict[tuple[str, str], str | None] = {}
        self._listings: dict[str, _Listing] = {}
        self._lying: dict[str, str | None] = {}

    def absolute(self, name: str, folder: str) -> str | None:
        """The key of `import name` in a module of `folder`; None for what the project does not have."""
        question = (name, folder)
        if question not in self._found:
            self._found[question] = self._absolute(name, folder)
        return self._found[question]

    def anywhere(self, name: str) -> str | None:
        """The key of the one module of the project that can be called so, wherever it lies: for who changes `sys.path`."""
        below = name.replace(".", "/")
        if below not in self._lying:
            ends = (f"/{below}.py", f"/{below}/__init__.py")
            found = [key for key in self._keys if f"/{key}".endswith(ends)]
            self._lying[below] = found[0] if len(found) == 1 else None
        return self._lying[below]

    @cached_property
    def _keys(self) -> list[str]:
        return [key for key, _ in modules(Path(self._top))]

    def relative(self, name: str, folder: str, level: int) -> str | None:
        """The key of `from ..name import ...` with so many dots; without a name that of the package itself."""
        for _ in range(level - 1):
            if not folder:
                return None
            folder = parent(folder)
        return self._in_folder(folder, name) if name else self._package(folder)

    def path(self, key: str) -> str:
        """Where the module lies on the disk."""
        return os.path.join(self._top, key)  # noqa: PTH118 - on the hot path

    def _absolute(self, name: str, folder: str) -> str | None:
        first = name.partition(".")[0]
        if first in sys.stdlib_module_names:
            return None
        while True:
            if self._listing(folder).holds(first):
                found = self._in_folder(folder, name)
                if found is not None:
                    return found
            if not folder:
                return None
            folder = parent(folder)

    def _in_folder(self, folder: str, name: str) -> str | None:
        below = name.replace(".", "/")
        key = f"{folder}/{below}" if folder else below
        around, _, last = key.rpartition("/")
        listing = self._listing(around)
        if f"{last}.py" in listing.files:
            return f"{key}.py"
        return self._package(key) if last in listing.folders else None

    def _package(self, folder: str) -> str:
        if "__init__.py" not in self._listing(folder).files:
            return folder
        return f"{folder}/__init__.py" if folder else "__init__.py"

    def _listing(self, folder: str) -> _Listing:
        """What lies in a folder; nothing in one that is not there. Each is read once, for all that is imported from it."""
        known = self._listings.get(folder)
        if known is None:
            known = self._listings[folder] = _listed(self.path(folder))
        return known


def _listed(folder: str) -> _Listing:
    try:
        with os.scandir(folder) as entries:
            listed = [(entry.name, entry.is_dir(), entry.is_file()) for entry in entries]
    except OSError:
        return _Listing()
    return _Listing(
        frozenset([name for name, _, is_file in listed if is_file]), frozenset([name for name, is_dir, _ in listed if is_dir])
    )


def modules(top: Path) -> Iterator[tuple[str, Path]]:
    """The keys of all modules below the top of a project, with their files."""
    above = len(str(top)) + 1
    return ((str(path)[above:].replace(os.sep, "/"), path) for path in project_files(top))


def parent(key: str) -> str:
    """The folder of a module or of a folder."""
    return key.rpartition("/")[0]


def is_folder(key: str) -> bool:
    """Whether a key names a folder without `__init__.py`."""
    return not key.endswith((".py", ".ipynb"))
