"""How far is a run: one line on the terminal that goes away, and nothing anywhere else."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kmigrate.terminal import clears_lines

if TYPE_CHECKING:
    from kmigrate.runner import Progress

_PAUSE = 0.1


@contextmanager
def progress() -> Iterator[Progress | None]:
    """A callback for the runner, or None where nobody watches, or nothing that was written goes away."""
    if not clears_lines(sys.stderr):
        yield None
        return
    started = last = time.monotonic()

    def show(number: int, total: int, path: str) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _PAUSE and now - started > 3 * _PAUSE:
            last = now
            text = f"{number} of {total}  {path}"
            width = max(10, shutil.get_terminal_size().columns - 1)
            sys.stderr.write("\r\033[K" + "".join(char if char.isprintable() else "?" for char in text)[:width])
            sys.stderr.flush()

    try:
        yield show
    finally:
        sys.stderr.write("\r\033[K")
        sys.stderr.flush()
