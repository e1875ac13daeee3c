"""How does a notebook look to the engine: a source like any other, whose bytes are the notebook?"""

from __future__ import annotations

import codecs
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from kmigrate.edits import Confidence, Replacement, applied
from kmigrate.results import Position
from kmigrate.source.notebook.layout import CellSpan, joined, mark_for, spans
from kmigrate.source.notebook.magics import foreign
from kmigrate.source.notebook.scan import CodeCell, code_cells
from kmigrate.source.notebook.splice import spliced
from kmigrate.source.notebook.walk import BrokenNotebook
from kmigrate.source.text import Source


@dataclass(frozen=True)
class NotebookSource(Source):
    """The code cells of a notebook as one text, each below a comment with its number.

    The comments belong to the text only: `encode(text)` finds the cells by them, and writes the strings that changed.
    """

    raw: str = ""
    cells: tuple[CodeCell, ...] = ()
    mark: str = ""

    @classmethod
    def from_bytes(cls, data: bytes, path: str | None = None) -> NotebookSource:
        """Read a notebook of nbformat 2 to 4; raises BrokenNotebook."""
        bom = data.startswith(codecs.BOM_UTF8)
        try:
            raw = data[len(codecs.BOM_UTF8) if bom else 0 :].decode("utf-8")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise BrokenNotebook(line, f"this is not UTF-8 text (byte {error.start})") from None
        cells = code_cells(raw)
        mark = mark_for(cells)
        return cls(path, joined(cells, mark), "utf-8", bom, raw, cells, mark)

    def encode(self, text: str) -> bytes:
        """The notebook with the cells of `text`; ValueError if they are not the same cells in the same order."""
        return (codecs.BOM_UTF8 if self.bom else b"") + self.written(text).encode("utf-8")

    def written(self, text: str) -> str:
        """The JSON text of the notebook with the cells of `text`; raises like `encode`."""
        return applied(self.raw, self.spliced(text))

    def spliced(self, text: str) -> Iterator[Replacement]:
        """What changes in the JSON text: the sources of the cells that are new in `text`; raises like `encode`."""
        new = self.contents(text)
        for cell in self.cells:
            if new[cell.number] != cell.text:
                yield Replacement(cell.start, cell.end, spliced(self.raw, cell, new[cell.number]), (), Confidence.SAFE)

    @cached_property
    def spans(self) -> tuple[CellSpan, ...]:
        """Where the cells stand in the text."""
        return spans(self.text, self.mark)

    def place(self, offset: int) -> Position:
        """The place of an offset of the text; one between two cells counts for the first."""
        span = self.spans[self.part(offset)]
        before = self.position(span.start)
        here = self.position(min(max(offset, span.start), span.end))
        return Position(here.line - before.line + 1, here.column, span.number)

    def part(self, offset: int) -> int:
        """Which of the cells an offset belongs to, from 0; one between two cells counts for the first."""
        return max(0, bisect_right([span.start for span in self.spans], offset) - 1)

    def contents(self, text: str) -> dict[int, str]:
        """The text of each cell in a text; what stands above all cells goes into the first one that is Python.

        Raises ValueError if these are not the cells of the notebook.
        """
        found = spans(text, self.mark)
        if [span.number for span in found] != [cell.number for cell in self.cells]:
            raise ValueError("the new text does not hold the cells of the notebook one by one")
        contents = {span.number: text[span.start : span.end] for span in found}
        above = text[: text.index(self.mark)] if found else ""
        if above:
            home = next((cell.number for cell in self.cells if foreign(cell.text) is None), None)
            if home is None:
                raise ValueError("the notebook has no Python cell to hold a new line")
            contents[home] = above + contents[home]
        return contents
