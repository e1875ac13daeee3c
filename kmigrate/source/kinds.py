"""Which kind of source is a file, by its name, and what is the source of a text that is in no file yet?"""

from __future__ import annotations

from kmigrate.source.document.source import SUFFIXES, DocumentSource
from kmigrate.source.notebook.source import NotebookSource
from kmigrate.source.text import Source, declared_encoding


def kind_of(path: str | None) -> type[Source]:
    """The class that reads it."""
    if path is None:
        return Source
    name = path.lower()
    if name.endswith(".ipynb"):
        return NotebookSource
    return DocumentSource if name.endswith(SUFFIXES) else Source


def from_text(text: str, path: str | None) -> Source:
    """The source that the file would be, were the text saved in it: with the encoding that it declares, if that can be.

    Raises UndecodableSource for a text that is no notebook where the path ends in `.ipynb`.
    """
    kind = kind_of(path)
    if kind is not Source:
        return kind.from_bytes(text.encode("utf-8"), path)
    bom = text.startswith("\ufeff")
    body = text.removeprefix("\ufeff")
    encoding = (None if bom else declared_encoding(body.encode("utf-8", "surrogatepass"))) or "utf-8"
    try:
        body.encode(encoding)
    except (LookupError, UnicodeEncodeError):
        encoding = "utf-8"
    return Source(path, body, encoding, bom)
