"""Where does a report go, and in which format?"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, TypeAlias

from kmigrate.cli.options import Format
from kmigrate.errors import InvalidSetting, WriteRefused

if TYPE_CHECKING:
    from rich.console import Console

    from kmigrate.report.model import Report

CODE = (".py", ".ipynb")

Show: TypeAlias = "Callable[[Report, Console], None]"
"""A part of the report for the terminal."""


def check_output(output: Path | None, *read: Path) -> None:
    """Refuse a report file that cannot be, before anything else happens; raises InvalidSetting.

    A report takes the place of no code, which somebody may expect to find migrated there, and of nothing that is `read`.
    """
    if output is not None and output.suffix.lower() in CODE:
        hint = "`kmigrate migrate --out DIR` writes migrated code; name a report otherwise"
        raise InvalidSetting(f"--output: `{output}` is a name for code, and gets the report", hint=hint)
    if output is not None and any(output.resolve() == path.resolve() for path in read):
        raise InvalidSetting(f"--output: `{output}` is what is read", hint="name another file")
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
    with _whole(output):
        output.write_bytes(data)


def stream(pieces: Iterable[str], output: Path | None) -> None:
    """Write a long text piece by piece to the file, or else to the standard output; raises WriteRefused."""
    if output is None:
        for piece in pieces:
            sys.stdout.write(piece)
        sys.stdout.flush()
        return
    with _whole(output), output.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
        file.writelines(pieces)


@contextmanager
def _whole(output: Path) -> Iterator[None]:
    """No half of a report stays where there was none; raises WriteRefused."""
    new = not output.exists()
    try:
        yield
    except OSError as error:
        if new:
            output.unlink(missing_ok=True)
        reason = f"the report cannot be written: {(error.strerror or str(error)).lower()}"
        raise WriteRefused(reason, where=str(output), hint="make room, or name another file") from error


def console(file: TextIO) -> Console:
    """A terminal, or a file, that is written to as it is: no markup in what we print."""
    from rich.console import Console

    class Pipe(Console):
        """Leaves a broken pipe to us: a reader that went away is no error."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    return Pipe(file=file, highlight=False, markup=False, emoji=False)


def _render(report: Report, form: Format, show: tuple[Show, ...]) -> bytes:
    if form in (Format.HTML, Format.PLAN) and not report.written:
        report = _with_texts(report)
    if form is not Format.TEXT:
        rendered = import_module(f"kmigrate.report.{form.value}").render(report)
        return rendered if isinstance(rendered, bytes) else _encoded(rendered)
    text = io.StringIO()
    for part in show:
        part(report, console(text))
    return _encoded(text.getvalue())


def _with_texts(report: Report) -> Report:
    """What waits for `--unsafe` can be approved on the page and in a plan, so its text has to be seen there."""
    from kmigrate.waiting import with_texts

    return replace(report, files=tuple(with_texts(report.files, report.paths, report.settings)))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")
