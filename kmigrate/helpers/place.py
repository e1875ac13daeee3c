"""Where does the module of helper layers go that a file needs, and may it go there?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from kmigrate.helpers.text import MODULE, layers_in
from kmigrate.source.document.source import DocumentSource
from kmigrate.source.text import Source


@dataclass(frozen=True, slots=True)
class Place:
    """The file of the module, the dotted name that imports it, and the text that is there by now, if any."""

    path: Path
    module: str
    text: str | None = None

    @property
    def held(self) -> frozenset[str] | None:
        """The layers that are there; None for a file that kmigrate did not write, or that was changed since."""
        return frozenset() if self.text is None else layers_in(self.text)

    @property
    def free(self) -> bool:
        """Whether the module may be written."""
        return self.held is not None

    @property
    def complaint(self) -> str:
        """What to do about a place that is not free."""
        return f"`{self.path.name}` beside it is not as `--emit-helpers` writes it: give it another name, then run again."


def place_of(source: Source) -> Place | None:
    """The place for a file; None for a document, which imports nothing.

    That is its top package; or beside it, if it is in no package, or imports its neighbours by their bare names.
    """
    if isinstance(source, DocumentSource):
        return None
    if source.path is None:
        return Place(Path(f"{MODULE}.py"), MODULE)
    folder = Path(source.path).absolute().parent
    top = None if _imports_neighbours(folder, source.text) else _top_package(folder)
    path = (top or folder) / f"{MODULE}.py"
    return Place(path, f"{top.name}.{MODULE}" if top is not None else MODULE, _text(path))


_IMPORTED = re.compile(r"^[ \t]*(?:from|import)[ \t]+(\w+)", re.MULTILINE)


def _imports_neighbours(folder: Path, text: str) -> bool:
    """Whether a file imports modules of its folder by their bare names, so that it finds new ones there too."""
    names = set(_IMPORTED.findall(text))
    return any((folder / f"{name}.py").is_file() or (folder / name / "__init__.py").is_file() for name in names)


def _top_package(folder: Path) -> Path | None:
    """The outermost of the packages that hold the folder, itself included."""
    found = None
    while (folder / "__init__.py").is_file() and folder.name.isidentifier():
        found, folder = folder, folder.parent
    return found


def _text(path: Path) -> str | None:
    """The text of a file that may not be there; what is no text is not ours either."""
    try:
        return path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
    except FileNotFoundError:
        return None
    except OSError:
        return ""
