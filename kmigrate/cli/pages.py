"""How does a help page look: tables of options where the terminal has room for them, and the exit codes at its end."""

from __future__ import annotations

import shutil
from functools import partial
from textwrap import fill
from typing import Any

from kmigrate.exits import MEANING

TABLES = 80
"""On fewer columns, tables would cut the names of options."""


def set_width(command: Any, formatter: Any) -> None:
    """Choose tables or plain text, by the width of the terminal; options with long names get lines of their own."""
    formatter.width = shutil.get_terminal_size().columns
    formatter.write_dl = partial(formatter.write_dl, col_max=formatter.width // 3)
    command.rich_markup_mode = "rich" if formatter.width >= TABLES else None


def write_exits(formatter: Any) -> None:
    """The table of exit codes, as the end of a help page."""
    lines = [" Exit codes:", *(f"   {code:>3d}  {meaning}" for code, meaning in MEANING.items())]
    if formatter.width < TABLES:
        lines = ["", *(fill(line, formatter.width - 1, subsequent_indent=" " * 8) for line in lines)]
    formatter.write("".join(f"{line}\n" for line in lines))
