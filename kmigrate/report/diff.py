"""The run as a patch that `patch -p1` and `git apply` accept, in the bytes of each file's own encoding."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from kmigrate.report.hunks import Hunk, hunks
from kmigrate.report.model import Report
from kmigrate.results import FileResult, Outcome
from kmigrate.source.notebook.source import NotebookSource
from kmigrate.source.text import Source


def render(report: Report) -> bytes:
    """The patch of all changed files; empty when nothing changes."""
    return b"".join(piece for file in report.changed for piece in file_patch(file, report.base))


def file_patch(file: FileResult, base: Path | None = None) -> Iterator[bytes]:
    """The pieces of the patch of one file; a path that is not relative is told from `base` if it lies there."""
    path = Path(file.path or "text.py")
    if path.is_absolute() and base is not None and path.is_relative_to(base):
        path = path.relative_to(base)
    name = os.fsencode(path.as_posix().lstrip("/"))
    old = b"/dev/null" if file.outcome is Outcome.CREATED else _quoted(b"a/" + name)
    yield b"--- " + old + b"\n+++ " + _quoted(b"b/" + name) + b"\n"
    encoding = file.source.encoding if file.source else "utf-8"
    if isinstance(file.source, NotebookSource):
        file = _as_json(file, file.source)
    if file.source is not None and file.source.bom:
        file = _with_mark(file)
    for hunk in hunks(file):
        yield header(hunk).encode("ascii") + b"\n"
        for sign, line in hunk.rows():
            yield sign.encode("ascii") + _encoded(line, encoding)
            if not line.endswith("\n"):
                yield b"\n\\ No newline at end of file\n"


def header(hunk: Hunk) -> str:
    """`@@ -1,7 +1,9 @@`, in a notebook `@@ cell 3: -1,2 +1,2 @@`.

    Lines count from 1; an empty side names the line before it, as `diff` does.
    """
    cell = "" if hunk.cell is None else f"cell {hunk.cell}: "
    return f"@@ {cell}-{_range(hunk.start, hunk.end - hunk.start)} +{_range(hunk.new_start, hunk.new_length)} @@"


def _range(start: int, length: int) -> str:
    return str(start + 1) if length == 1 else f"{start + (length > 0)},{length}"


def _as_json(file: FileResult, source: NotebookSource) -> FileResult:
    """The change of the notebook's own text, which is what a patch has to fit."""
    items = tuple(source.spliced(file.after))
    plain = Source(source.path, source.raw, bom=source.bom)
    return replace(file, before=source.raw, after=source.written(file.after), source=plain, replacements=items)


def _with_mark(file: FileResult) -> FileResult:
    mark = "\ufeff"
    moved = tuple(item._replace(start=item.start + 1, end=item.end + 1) for item in file.replacements)
    return replace(file, before=mark + file.before, after=mark + file.after, replacements=moved)


def _encoded(line: str, encoding: str) -> bytes:
    try:
        return line.encode(encoding)
    except UnicodeEncodeError:
        return line.encode("utf-8", "surrogatepass")


def _quoted(name: bytes) -> bytes:
    """A name with blanks ends in a tab, one with control characters or quotes is written as git writes it."""
    if any(byte < 32 or byte in b'"\\\x7f' for byte in name):
        return b'"' + b"".join(_octal(byte) for byte in name) + b'"'
    return name + b"\t" if b" " in name else name


def _octal(byte: int) -> bytes:
    return b"\\%03o" % byte if byte < 32 or byte in b'"\\\x7f' else bytes((byte,))
