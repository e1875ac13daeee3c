"""What would Python 3 read in place of the cells of a notebook, magics and Python 2 included?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kmigrate.source.notebook.layout import CellSpan
from kmigrate.source.notebook.magics import commented, foreign, without_magics
from kmigrate.source.python2.canvas import Shadow
from kmigrate.source.python2.lexer import Unshadowable
from kmigrate.source.python2.shadow import cast_shadow
from kmigrate.source.python2.tree import tree_of


@dataclass(frozen=True, slots=True)
class Skipped:
    """A cell that is not read as Python: its number, the line in the cell, and why."""

    cell: int
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class NotebookTree:
    """The tree of all cells that can be read, whether one of them is Python 2, and those that cannot be read."""

    tree: ast.Module
    python2: bool
    skipped: tuple[Skipped, ...]


def read_cells(text: str, spans: Sequence[CellSpan]) -> NotebookTree:
    """The tree of a joined text. A cell that cannot be read counts as a comment; it stops no other.

    Raises SyntaxError for what stands outside of all cells, and RecursionError or MemoryError.
    """
    skipped = [
        Skipped(span.number, 1, f"the cell is not Python but %%{magic}")
        for span in spans
        if (magic := foreign(text[span.start : span.end])) is not None
    ]
    plain = _replaced(text, [(span, without_magics(text[span.start : span.end])) for span in spans])
    plain = _UNSPEAKABLE.sub(lambda match: "\ufffd" if match.group() != "\0" else " ", plain)
    try:
        return NotebookTree(ast.parse(plain), False, tuple(skipped))
    except SyntaxError:
        cells = [_read(span.number, plain[span.start : span.end]) for span in spans]
        tree = tree_of(_whole(plain, spans, [cell.shadow for cell in cells]))
        skipped += [cell.skipped for cell in cells if cell.skipped is not None]
        return NotebookTree(tree, any(cell.python2 for cell in cells), tuple(sorted(skipped, key=lambda s: s.cell)))


_UNSPEAKABLE = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class _Cell:
    shadow: Shadow
    python2: bool = False
    skipped: Skipped | None = None


def _read(number: int, cell: str) -> _Cell:
    try:
        ast.parse(cell)
        return _Cell(Shadow(cell, {}, {}))
    except SyntaxError as error:
        try:
            shadow = cast_shadow(cell)
            tree_of(shadow)
            return _Cell(shadow, python2=True)
        except (Unshadowable, SyntaxError):
            reason = f"the cell is not Python: {error.msg}"
            return _Cell(Shadow(commented(cell), {}, {}), skipped=Skipped(number, error.lineno or 1, reason))


def _whole(text: str, spans: Sequence[CellSpan], shadows: Sequence[Shadow]) -> Shadow:
    """One shadow from those of the cells."""
    starts: dict[int, int] = {}
    renamed: dict[str, str] = {}
    for span, shadow in zip(spans, shadows, strict=True):
        starts.update((there + span.start, here + span.start) for there, here in shadow.starts.items())
        renamed.update(shadow.renamed)
    new = _replaced(text, [(span, shadow.text) for span, shadow in zip(spans, shadows, strict=True)])
    return Shadow(new, starts, renamed, any(shadow.caught for shadow in shadows))


def _replaced(text: str, cells: Sequence[tuple[CellSpan, str]]) -> str:
    return "".join(_pieces(text, cells))


def _pieces(text: str, cells: Sequence[tuple[CellSpan, str]]) -> Iterator[str]:
    position = 0
    for span, new in cells:
        yield text[position : span.start]
        yield new
        position = span.end
    yield text[position:]
