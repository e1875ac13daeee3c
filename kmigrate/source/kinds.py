"""Which kind of source is a file, by its name?"""

from __future__ import annotations

from kmigrate.source.document.source import SUFFIXES, DocumentSource
from kmigrate.source.notebook.source import NotebookSource
from kmigrate.source.text import Source


def kind_of(path: str | None) -> type[Source]:
    """The class that reads it."""
    if path is None:
        return Source
    name = path.lower()
    if name.endswith(".ipynb"):
        return NotebookSource
    return DocumentSource if name.endswith(SUFFIXES) else Source
