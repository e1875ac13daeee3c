"""What would Python 3 read in place of the cells of a notebook, magics and Python 2 included?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kmigrate.edits import Span
from kmigrate.source.notebook.layout import CellSpan
from kmigrate.source.notebook.magics import foreign, without_magics
from kmigrate.source.stretches import Read, Unread, read_stretches, repainted


def read_cells(text: str, spans: Sequence[CellSpan]) -> Read:
    """The tree of a joined text; raises like `read_stretches`."""
    stretches = [Span(span.start, span.end) for span in spans]
    cells = [text[span.start : span.end] for span in spans]
    foreigners = [
        Unread(span, span.start, f"the cell is not Python but %%{magic}")
        for span, cell in zip(stretches, cells, strict=True)
        if (magic := foreign(cell)) is not None
    ]
    plain = repainted(text, stretches, [without_magics(cell) for cell in cells])
    plain = _UNSPEAKABLE.sub(lambda match: "\ufffd" if match.group() != "\0" else " ", plain)
    read = read_stretches(plain, stretches)
    broken = [replace(one, reason=f"the cell is not Python: {one.reason}") for one in read.unread]
    return replace(read, unread=tuple(sorted(foreigners + broken, key=lambda one: one.span.start)))


_UNSPEAKABLE = re.compile("[\0\ud800-\udfff]")
