"""Figures of files, folders and rules for a terminal: a table, and where that would leave no room for the names, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kmigrate.report import words

ROOM = 20
"""A column of names is at least so wide in a table."""

Row: TypeAlias = tuple[str, Sequence[int] | Text]
"""A name with its figures, or with a word in their place."""


def show(console: Console, first: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Print the rows, with `first` above the names; long names lose their beginning in a table."""
    width = console.width - sum(len(name) + 2 for name in columns)
    if width < ROOM:
        console.print(Text(first, "bold"))
        stacked(console, ((name, _told(columns, figures)) for name, figures in rows))
        return
    drawn = table(first, *columns)
    for name, figures in rows:
        cells: Iterable[str | Text] = (figures,) if isinstance(figures, Text) else numbers(figures)
        drawn.add_row(Text(words.ending(name, width)), *cells)
    console.print(drawn)
    console.print()


def stacked(console: Console, rows: Iterable[tuple[str, Text]]) -> None:
    """Each name on a line of its own, and what is told of it under it."""
    for name, told in rows:
        console.print(Text(name), soft_wrap=True)
        console.print(Text.assemble("  ", told))
    console.print()


def table(first: str, *columns: str) -> Table:
    """A table with a column of names, and columns of figures."""
    drawn = Table(box=None, pad_edge=False, header_style="bold")
    drawn.add_column(first, overflow="fold")
    for name in columns:
        drawn.add_column(name, justify="right", no_wrap=True)
    return drawn


def numbers(counts: Iterable[int]) -> list[str]:
    """The cells of figures; a dot for none."""
    return [str(count) if count else "·" for count in counts]


def _told(columns: Sequence[str], figures: Sequence[int] | Text) -> Text:
    if isinstance(figures, Text):
        return figures
    return Text(", ".join(f"{name} {count}" for name, count in zip(columns, figures, strict=True) if count), "dim")
