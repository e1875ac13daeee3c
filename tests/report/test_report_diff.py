"""Patches: `git apply` and `patch -p1` turn the old bytes into the new ones, whatever the bytes are."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from made_results import changed, renamed, reviewed

from kmigrate.report import diff
from kmigrate.report.model import Report
from kmigrate.results import FileResult
from kmigrate.source.notebook.source import NotebookSource
from kmigrate.source.text import Source

TEXT = "".join(f"line {number}\n" for number in range(1, 31))


def of_bytes(data: bytes, old: str, new: str, path: str = "net.py") -> FileResult:
    source = Source.from_bytes(data, path)
    return renamed(source.text, old, new, path, source)


def of_cells(*cells: str, old: str, new: str, mark: bytes = b"", indent: int | None = 1) -> FileResult:
    made = [{"cell_type": "code", "outputs": ["f(old)\n"], "source": cell.splitlines(True)} for cell in cells]
    data = mark + json.dumps({"cells": made}, indent=indent).encode() + b"\n"
    source = NotebookSource.from_bytes(data, "lesson.ipynb")
    return renamed(source.text, old, new, "lesson.ipynb", source)


CASES = {
    "cells": of_cells("a\nf(old)", "b", "f(old)\nc\n", old="old", new="new"),
    "a cell that grows": of_cells("import keras\nb", "c", old="keras", new="keras\nimport x"),
    "a cell in one line": of_cells("é = old\n", "c", old="old", new="new", indent=None),
    "cells behind a mark": of_cells("a\nf(old)", "b", old="old", new="ñ", mark=b"\xef\xbb\xbf"),
    "two hunks": renamed(TEXT, "line 1", "row 1"),
    "no newline at the end": renamed("a\nb", "b", "c"),
    "the newline goes": changed("a\nb\n", (3, 4, "")),
    "the newline comes": changed("a\nb", (3, 3, "\n")),
    "text after the last line": changed("a\nb", (3, 3, "\nc")),
    "first line": changed(TEXT, (0, 0, "import x\n")),
    "last line": changed(TEXT, (len(TEXT), len(TEXT), "end\n")),
    "everything goes": changed("a\nb\n", (0, 4, "")),
    "from nothing": changed("", (0, 0, "a\n")),
    "windows": of_bytes(TEXT.replace("\n", "\r\n").encode(), "line 15", "row"),
    "mixed ends": of_bytes(b"a\r\nb\nc\rd\ne\r\n", "d", "x"),
    "byte order mark, changed line": of_bytes(b"\xef\xbb\xbf" + b"a\nb\n", "a", "x"),
    "byte order mark, next line": of_bytes(b"\xef\xbb\xbf" + b"a\nb\n", "b", "x"),
    "latin 1": of_bytes(b"# coding: latin-1\n# caf\xe9\nx = '\xe9'\n", "x", "y"),
    "form feed and other separators": of_bytes("a\n\x0cb\x1c\u2028\x85\nc\n".encode(), "c", "d"),
    "name with blanks": renamed("a\n", "a", "b", "my net.py"),
    "name with letters": renamed("a\n", "a", "b", "réseau.py"),
    "name with a quote": renamed("a\n", "a", "b", 'my"net.py'),
    "in a folder": renamed("a\n", "a", "b", "pkg/net.py"),
}


@pytest.mark.parametrize(
    "tool", [["git", "apply", "-p1"], ["patch", "-p1", "-s", "--binary", "-i"]], ids=["git", "patch"]
)
@pytest.mark.parametrize("name", CASES)
def test_the_patch_applies(tmp_path: Path, tool: list[str], name: str) -> None:
    if shutil.which(tool[0]) is None:
        pytest.skip(f"{tool[0]} is not installed")
    result = CASES[name]
    assert result.path and result.source
    path = tmp_path / "tree" / result.path
    path.parent.mkdir(parents=True)
    path.write_bytes(result.source.encode(result.before))
    (tmp_path / "change.patch").write_bytes(diff.render(Report((result,), ())))
    done = subprocess.run(
        [*tool, str(tmp_path / "change.patch")], cwd=tmp_path / "tree", capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (path.read_bytes() if path.exists() else b"") == result.to_bytes()


def test_many_files_are_one_patch() -> None:
    patch = diff.render(Report((CASES["two hunks"], reviewed(), CASES["in a folder"]), ()))
    assert patch.count(b"\n+++ b/") == 2
    assert b"hand.py" not in patch


def test_an_absolute_path_stays_below_the_prefix() -> None:
    patch = diff.render(Report((renamed("a\n", "a", "b", "/srv/net.py"),), ()))
    assert patch.startswith(b"--- a/srv/net.py\n+++ b/srv/net.py\n")


def test_no_change_is_no_patch() -> None:
    assert diff.render(Report((reviewed(),), ())) == b""
