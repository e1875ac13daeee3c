"""Which files does git leave out: the `.gitignore` files from the top of a work tree down to a folder."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kmigrate.lookup import nearest

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


@dataclass(frozen=True, slots=True)
class Ignored:
    """The rules that hold in a folder, outermost first; `active` is false outside of git."""

    rules: tuple[tuple[str, GitIgnoreSpec], ...]
    active: bool

    def file(self, path: str) -> bool:
        """Whether the file is ignored; the innermost `.gitignore` that speaks of it decides."""
        return self._says(path, "")

    def folder(self, path: str) -> bool:
        """Whether the folder is ignored, and so all that it holds."""
        return self._says(path, "/")

    def with_rules_of(self, folder: Path) -> Ignored:
        """These rules, and those of the folder's own `.gitignore`."""
        spec = _read(folder / ".gitignore")
        return replace(self, rules=(*self.rules, (str(folder), spec))) if spec is not None else self

    def _says(self, path: str, ending: str) -> bool:
        for base, spec in reversed(self.rules):
            verdict = spec.check_file(path[len(base) :].replace(os.sep, "/").lstrip("/") + ending).include
            if verdict is not None:
                return verdict
        return False


def no_rules(top: Path) -> Ignored:
    """The rules at the top of a work tree, before its first `.gitignore`."""
    spec = _read(top / ".git" / "info" / "exclude")
    return Ignored(((str(top), spec),) if spec is not None else (), active=True)


def rules_above(folder: Path) -> Ignored:
    """The rules that the folders above hand down to `folder`.

    A folder that is ignored itself was asked for by name: nothing above is handed down to it.
    """
    top = nearest(folder, ".git")
    if top is None:
        return Ignored((), active=False)
    ignored = no_rules(top)
    for above in reversed((folder, *folder.parents)):
        if above != top and top not in above.parents:
            continue
        if above != top and ignored.folder(str(above)):
            return Ignored((), active=True)
        if above != folder:
            ignored = ignored.with_rules_of(above)
    return ignored


def _read(path: Path) -> GitIgnoreSpec | None:
    from pathspec import GitIgnoreSpec

    try:
        lines = path.read_text("utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    return GitIgnoreSpec.from_lines(lines) if lines else None
