"""How do the cells of a notebook stand in one text, and which stretch of it is which cell?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kmigrate.source.notebook.scan import CodeCell


@dataclass(frozen=True, slots=True)
class CellSpan:
    """The stretch of the joined text that is a cell; `start` is the offset of its first character."""

    number: int
    start: int
    end: int


def mark_for(cells: Sequence[CodeCell]) -> str:
    """How the comment starts that stands above each cell: in a way that no cell has itself."""
    mark = "# %% cell "
    while any(mark in cell.text for cell in cells):
        mark = mark.replace("%", "%%", 1)
    return mark


def joined(cells: Sequence[CodeCell], mark: str) -> str:
    """The cells in order, each below a comment with its number."""
    return "".join(f"{mark}{cell.number}\n{cell.text}\n" for cell in cells)


def spans(text: str, mark: str) -> tuple[CellSpan, ...]:
    """The cells in a joined text, also after edits.

    What stands above the first cell belongs to no span; edits that reach over the comment between two cells lose one.
    """
    marks = list(re.finditer(rf"^{re.escape(mark)}(\d+)\n", text, re.MULTILINE))
    ends = [*(match.start() for match in marks[1:]), len(text)]
    return tuple(
        CellSpan(int(match.group(1)), match.end(), max(match.end(), end - 1 if text.endswith("\n", 0, end) else end))
        for match, end in zip(marks, ends, strict=False)
    )
