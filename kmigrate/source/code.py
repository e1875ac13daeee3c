"""Which stretches of a source are code: all of it, the cells of a notebook, the blocks of a document?"""

from __future__ import annotations

from kmigrate.edits import Span
from kmigrate.source.document.source import DocumentSource
from kmigrate.source.notebook.source import NotebookSource
from kmigrate.source.text import Source


def code_stretches(source: Source) -> list[Span]:
    """The stretches, in order."""
    if isinstance(source, NotebookSource):
        return [Span(cell.start, cell.end) for cell in source.spans]
    if isinstance(source, DocumentSource):
        return [block.span for block in source.blocks]
    return [Span(0, len(source.text))]
