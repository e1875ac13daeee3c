"""Where does a report go, and in which format?"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, TypeAlias

from kmigrate.cli.options import Format
from kmigrate.errors import InvalidSetting, WriteRefused

if TYPE_CHECKING:
    from rich.console import Console

    from kmigrate.report.model import Report

Show: TypeAlias = "Callable[[Report, Console], None]"
"""A part of the report for the terminal."""


def check_output(output: Path | None) -> None:
    """Refuse a report file that cannot be, before anything else happens; raises InvalidSetting."""
    if output is not None and (output.is_dir() or not output.parent.is_dir()):
        what = "is a folder" if output.is_dir() else f"cannot be: there is no folder `{output.parent}`"
        raise InvalidSetting(f"--output: `{output}` {what}", hint="name a file in a folder that exists")


def emit(report: Report, form: Format, output: Path | None, *show: Show, stream: TextIO | None = None) -> None:
    """Write the report to the file, or else to the stream; `show` are the parts of the text format."""
    out = stream or sys.stdout
    if form is Format.TEXT and output is None:
        terminal = console(out)
        for part in show:
            part(report, terminal)
        return
    deliver(_render(report, form, show), output, out)


def deliver(data: bytes, output: Path | None, stream: TextIO | None = None) -> None:
    """Write what was rendered to the file, or else to the stream; raises WriteRefused."""
    if output is None:
        out = stream or sys.stdout
        out.flush()
        out.buffer.write(data)
        out.buffer.flush()
        return
    try:
        output.write_bytes(data)
    except OSError as error:
        reason = f"the report cannot be written: {(error.strerror or str(error)).lower()}"
        raise WriteRefused(reason, where=str(output)) from error


def stream(pieces: Iterable[str], output: Path | None) -> None:
    """Write a long text piece by piece to the file, or else to the standard output; raises WriteRefused."""
    if output is None:
        for piece in pieces:
            sys.stdout.write(piece)
        sys.stdout.flush()
        return
    try:
        with output.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.writelines(pieces)
    except OSError as error:
        reason = f"the report cannot be written: {(error.strerror or str(error)).lower()}"
        raise WriteRefused(reason, where=str(output)) from error


def console(file: TextIO) -> Console:
    """A terminal, or a file, that is written to as it is: no markup in what we print."""
    from rich.console import Console

    class Pipe(Console):
        """Leaves a broken pipe to us: a reader that went away is no error."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    return Pipe(file=file, highlight=False, markup=False, emoji=False)


def _render(report: Report, form: Format, show: tuple[Show, ...]) -> bytes:
    if form is not Format.TEXT:
        rendered = import_module(f"kmigrate.report.{form.value}").render(report)
        return rendered if isinstance(rendered, bytes) else _encoded(rendered)
    text = io.StringIO()
    for part in show:
        part(report, console(text))
    return _encoded(text.getvalue())


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")
