# ruff: noqa: E501  the files of the tables stand on one line each
"""Files in every shape: each is migrated to the exact byte, or refused with its line and reason and left as it was."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from subprocess import run

import pytest
from cli_project import COMMAND, KERAS_1, KERAS_2, Done, environment

from kmigrate.cli import main

BOM = b"\xef\xbb\xbf"
OLD, NEW = KERAS_1.encode(), KERAS_2.encode()
LINE = b"layer = Dense(output_dim=3)"
DONE = b"layer = Dense(units=3)"


def both(before: bytes) -> tuple[bytes, bytes]:
    """A file, and the same file with its layer migrated."""
    assert before.count(b"output_dim=3") == 1
    return before, before.replace(b"output_dim=3", b"units=3")


MIGRATED = {
    "byte order mark": both(BOM + OLD),
    "byte order mark and cookie": both(BOM + b"# coding: utf-8\n" + OLD),
    "latin-1 by an emacs cookie": both(b"# -*- coding: latin-1 -*-\nname = '\xe9\xff'\n" + OLD),
    "cp1252 by a vim cookie in line 2": both(b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n# \x93quoted\x94\n" + OLD),
    "gbk": both("# coding=gbk\nname = '汉字'\n".encode("gbk") + OLD),
    "shift-jis, whose letters may end in a backslash": both("# coding: shift_jis\nname = '表ソ'  # 能\n".encode("shift_jis") + OLD),
    "utf-8 without a cookie": both("name = '汉字 🙂'  # é\n".encode() + OLD),
    "form feeds": both(b"\x0c\nimport os\x0c\n\x0c" + OLD + b"\x0c"),
    "no final newline": both(OLD.rstrip(b"\n")),
    "blanks behind the last line": both(OLD + b"   "),
    "old mac": both(OLD.replace(b"\n", b"\r")),
    "windows": both(OLD.replace(b"\n", b"\r\n")),
    "mixed line ends": both(b"import os\rimport sys\r\n" + OLD + b"x = 1\r\ny = 2\r"),
    "control-z at the end of a comment": both(OLD + b"# end \x1a"),
    "line separators of unicode": both("s = '\u2028\u2029\x85\x1c'\n".encode() + OLD),
    "tabs and blanks mixed, as python 2 reads them": both(
        b"from keras.layers import Dense\nif x:\n\tif y:\n            print 1\n\tlayer = Dense(output_dim=3)\n"
    ),
    "python 2 in utf-8 behind a mark": both(BOM + "print 'é'\n".encode() + OLD),
    "a line of 100,000 characters": both(OLD + b"x = [" + b"'abc', " * 15_000 + b"]\n"),
    "a string of 100,000 characters before the use": both(b"import os; s = '" + b"a" * 100_000 + b"'\n" + OLD),
    "100,000 characters in the line of the use": both(
        b"from keras.layers import Dense\nx = '" + "é".encode() * 50_000 + b"', Dense(output_dim=3), '" + b"b" * 50_000 + b"'\n"
    ),
    "a comment of 100,000 characters": both(OLD + b"#" * 100_000),
    "fifty brackets deep": both(b"from keras.layers import Dense\nx = " + b"[" * 50 + b"Dense(output_dim=3)" + b"]" * 50 + b"\n"),
    "forty blocks deep": both(
        b"from keras.layers import Dense\n" + b"".join(b" " * n + b"if x:\n" for n in range(40)) + b" " * 40 + LINE + b"\n"
    ),
    "backslashes": both(b"from keras.layers \\\n  import \\\n Dense\nlayer = \\\n  Dense( \\\n output_dim=3 \\\n )\n"),
}  # fmt: skip

REFUSED = {
    "null bytes": (OLD + b"\0", "null bytes"),
    "utf-16": (KERAS_1.encode("utf-16"), None),
    "bytes that are not utf-8": (b"# \xff\n" + OLD, "line 1 is not utf-8 text (byte 2)"),
    "an unknown encoding": (b"# coding: klingon\n" + OLD, "the file declares the unknown encoding 'klingon'"),
    "bytes that are not what the cookie says": (b"# coding: ascii\n# \xc3\xa9\n" + OLD, "line 2 is not ascii text (byte 18)"),
    "no python": (b"keras\n<html>\n", "odd.py:2\n    syntax error: invalid syntax"),
    "an empty block in Python 2": (OLD + b"print 'a'\nif 1:\nx = 1\n", "odd.py:6\n    syntax error: expected an indented block"),
    "a bracket that is not closed": (OLD + b"x = (\n", "odd.py:4\n    syntax error: '(' was never closed"),
    "neither python 2 nor 3": (b"print keras\nasync def f(): pass\nawait x y\n", "odd.py:3"),
    "500 brackets deep": (OLD + b"x = " + b"(" * 500 + b")" * 500 + b"\n", "too many nested parentheses"),
    "100,000 signs deep": (OLD + b"x = " + b"-" * 100_000 + b"1\n", "nested too deep"),
    "100,000 terms": (OLD + b"x = 1" + b" + 1" * 100_000 + b"\n", "nested too deep"),
    "150 blocks deep": (OLD + b"".join(b" " * n + b"if x:\n" for n in range(150)) + b" " * 150 + b"x\n", "too many levels of indentation"),
}  # fmt: skip


@dataclass(frozen=True)
class Here:
    """Runs the command line in this process, in the project: a process for each odd file would take minutes."""

    project: Path
    capture: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str | Path) -> Done:
        code = main([str(argument) for argument in arguments])
        out, err = self.capture.readouterr()
        return Done(code, out.encode("utf-8", "surrogateescape"), err)


@pytest.fixture
def here(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Here:
    """The command line, in the project."""
    monkeypatch.chdir(project)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("COLUMNS", "80")
    return Here(project, capsys)


@pytest.mark.parametrize("name", MIGRATED)
def test_a_file_is_migrated_to_the_byte(project: Path, here: Here, name: str) -> None:
    before, after = MIGRATED[name]
    (project / "odd.py").write_bytes(before)
    done = here("migrate", "odd.py")

    assert done.code == 0, done.text
    assert (project / "odd.py").read_bytes() == after
    assert here("diff", "odd.py").code == 0
    here("undo")
    assert (project / "odd.py").read_bytes() == before


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_is_refused_with_its_reason_and_stops_no_other(project: Path, here: Here, name: str) -> None:
    before, reason = REFUSED[name]
    (project / "odd.py").write_bytes(before)
    done = here("migrate", ".")

    assert (project / "odd.py").read_bytes() == before
    assert (project / "model.py").read_text() == KERAS_2
    if reason is not None:
        assert done.code == 3
        assert reason in done.text
        assert "\n    → " in done.text.partition("Failed\n")[2], "it is told what to do next"


@pytest.mark.parametrize(
    "name",
    ["with blanks.py", "  .py", "-dash.py", "café 汉.py", "qu'ote\".py", "new\nline.py", "tab\t.py", "[brackets]*.py", "$HOME.py", b"latin-\xe9.py",
     b"\xff\xfe.py", "a" * 250 + ".py", ".hidden.py", "é/ü ö/x.py"],
)  # fmt: skip
def test_names_of_every_kind(project: Path, here: Here, name: str | bytes) -> None:
    path = project / os.fsdecode(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(KERAS_1)
    copy = project.parent / "copy"

    assert here("diff", ".").code == 1
    assert here("diff", ".", "--format", "json", "--output", "report.json").code == 1
    assert here("migrate", ".", "--out", copy).code == 0
    assert (copy / os.fsdecode(name)).read_text() == KERAS_2
    assert path.read_text() == KERAS_1
    assert here("migrate", f"./{os.fsdecode(name)}").code == 0
    assert path.read_text() == KERAS_2
    assert here("undo").code == 0
    assert path.read_text() == KERAS_1


def test_a_file_of_ten_megabytes(project: Path, here: Here) -> None:
    data = b"DATA = '''\n" + b"0123456789abcdef " * 16 * 40_000 + b"\n'''\n"
    before, after = both(data + OLD)
    assert len(before) > 10_000_000
    (project / "odd.py").write_bytes(before)

    assert here("migrate", "odd.py").code == 0
    assert (project / "odd.py").read_bytes() == after


def test_a_notebook_of_ten_megabytes(project: Path, here: Here) -> None:
    image = b'"image/png": "' + b"iVBORw0KGgo" * 1_000_000 + b'"'
    cell = b'{"cell_type": "code", "metadata": {}, "outputs": [{"data": {%s}}], "source": ["from keras.layers import Dense\\n", "Dense(output_dim=3)"]}'
    before, after = both(b'{"cells": [' + cell % image + b'], "metadata": {}, "nbformat": 4}\n')
    (project / "odd.ipynb").write_bytes(before)

    assert here("migrate", "odd.ipynb").code == 0
    assert (project / "odd.ipynb").read_bytes() == after


def test_links(project: Path, here: Here, tmp_path: Path) -> None:
    """A link on the way is not followed, and two names of a file are one; a ring of links is no trap."""
    (tmp_path / "outside.py").write_text(KERAS_1)
    (project / "package").mkdir()
    (project / "package" / "up").symlink_to("..")
    (project / "out.py").symlink_to("../outside.py")
    (project / "same.py").symlink_to("model.py")
    (project / "ring.py").symlink_to("ring.py")

    done = here("migrate", ".")
    assert done.code == 0
    assert (tmp_path / "outside.py").read_text() == KERAS_1
    assert (project / "model.py").read_text() == KERAS_2
    assert "1 changed" in done.text
    assert here("migrate", "ring.py").code == 3
    assert here("migrate", "out.py", "same.py").code == 0
    assert (project / "out.py").is_symlink() and (tmp_path / "outside.py").read_text() == KERAS_2


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(project: Path, here: Here) -> None:
    (project / "secret.py").write_text(KERAS_1)
    (project / "secret.py").chmod(0)
    done = here("migrate", ".")

    assert done.code == 3
    assert "permission denied" in done.text
    assert (project / "model.py").read_text() == KERAS_2


def test_a_folder_that_may_not_be_searched(project: Path, tmp_path: Path) -> None:
    """A root user may do all; where the system can take that away, it is taken away."""
    bare = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search"]
    less = [] if os.name == "nt" or os.geteuid() else bare
    closed = project / "closed"
    closed.mkdir()
    (closed / "net.py").write_text(KERAS_1)
    closed.chmod(0)
    try:
        if os.name == "nt" or not which((less or ["ls"])[0]) or not run([*less, "ls", str(closed)], capture_output=True).returncode:
            pytest.skip("every folder may be searched here")
        for path in (".", "closed/net.py"):
            command = [*less, *COMMAND, "diff", path]
            done = run(command, capture_output=True, cwd=project, env=environment(tmp_path / "state"), text=True)
            assert done.returncode == 3
            assert "internal" not in done.stderr
            assert "closed" in done.stdout and "permission denied" in done.stdout.lower()
    finally:
        closed.chmod(0o755)


def test_things_that_are_no_files(project: Path, here: Here) -> None:
    os.mkfifo(project / "pipe.py")
    (project / "folder.py").mkdir()
    (project / "folder.py" / "net.py").write_text(KERAS_1)
    (project / "empty.py").touch()
    (project / "empty.ipynb").touch()

    assert here("migrate", ".").code == 0
    assert (project / "folder.py" / "net.py").read_text() == KERAS_2
    done = here("migrate", "pipe.py")
    assert (done.code, "not a file that can be read as text" in done.text) == (3, True)
