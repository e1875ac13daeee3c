"""Which modules of a project certainly have no name of Keras? Told from their bytes, before they are parsed."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

from kmigrate.resolve.finder import Finder, is_folder, parent
from kmigrate.source.prefilter import mentions


class Silence:
    """Looks at the modules that the finder finds, once each; `opened` are those that are parsed, which tell more themselves."""

    def __init__(self, finder: Finder, opened: Container[str]) -> None:
        self._finder = finder
        self._opened = opened
        self._known: dict[str, bool] = {}

    def of(self, key: str) -> bool:
        """Whether a module neither names Keras nor imports a module of the project, which could."""
        if key not in self._known:
            self._known[key] = key not in self._opened and self._says_nothing(key)
        return self._known[key]

    def _says_nothing(self, key: str) -> bool:
        if is_folder(key):
            return False
        path = Path(self._finder.path(key))
        try:
            seen = mentions(path, path.read_bytes())
        except OSError:  # a file that nobody may read
            return False
        return not seen.keras and not any(self._finder.absolute(name, parent(key)) for name in seen.imports)
