"""Does a project bring a copy of Keras 1 along, so that its imports of Keras find that copy?

Such a copy is left alone: nobody wants half of another Keras in it. What imports it is told that the copy has to go.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from kmigrate.results import FileResult, Note, Outcome
from kmigrate.rewrite.facts import NO_RULE
from kmigrate.source.text import Source

_NAME = "keras"
_VERSION = re.compile(r"^__version__\s*=\s*['\"]([01]\.[\w.]+)", re.MULTILINE)
_IMPORT = re.compile(r"^[ \t]*(?:from|import)[ \t]+keras\b", re.MULTILINE)


class _Near(NamedTuple):
    """The copy that a folder lies in, and the one that an import in it finds, as `keras/ (1.2.2)`."""

    inside: str | None = None
    found: str | None = None


class Copies:
    """The copies of Keras in one project; each folder is looked at once."""

    def __init__(self, root: Path) -> None:
        self._top = os.path.abspath(root)  # noqa: PTH100 - links stay as they were given
        self._near: dict[str, _Near] = {os.path.dirname(self._top): _Near()}  # noqa: PTH120

    def left_alone(self, source: Source) -> FileResult | None:
        """The result for a file of such a copy; None for any other."""
        copy = self._of(source).inside
        if copy is None:
            return None
        said = f"Files of {copy} are a copy of Keras 1 itself, and left alone: Keras 2 takes the place of the whole folder."
        text = source.text
        return FileResult(source.path, Outcome.IGNORED, text, text, source, notes=(Note(NO_RULE, said),))

    def told(self, result: FileResult, source: Source) -> FileResult:
        """The result, with a note where the file imports the copy."""
        copy = self._of(source).found
        if copy is None or result.outcome is Outcome.FAILED or _IMPORT.search(source.text) is None:
            return result
        said = (
            f"`import keras` finds {copy}, a copy of Keras 1 in this project. Remove or rename that folder, so that the Keras 2 "
            "which is installed is found; bring along what was changed in the copy."
        )
        return replace(result, notes=(*result.notes, Note(NO_RULE, said)))

    def _of(self, source: Source) -> _Near:
        return self._around(os.path.dirname(os.path.abspath(source.path))) if source.path is not None else _Near()  # noqa: PTH100, PTH120

    def _around(self, folder: str) -> _Near:
        known = self._near.get(folder)
        if known is None:
            above = os.path.dirname(folder)  # noqa: PTH120
            outer = self._around(above) if above != folder else _Near()
            inside = outer.inside or (self._copy_in(above) if os.path.basename(folder) == _NAME else None)  # noqa: PTH119
            known = self._near[folder] = _Near(inside, self._copy_in(folder) or outer.found)
        return known

    def _copy_in(self, folder: str) -> str | None:
        """The copy that lies in a folder."""
        copy = Path(folder, _NAME)
        if not (copy / "layers" / "core.py").is_file():
            return None
        try:
            version = _VERSION.search((copy / "__init__.py").read_text("utf-8", "replace"))
        except OSError:
            return None
        return f"`{os.path.relpath(copy, self._top)}` ({version[1]})" if version is not None else None
