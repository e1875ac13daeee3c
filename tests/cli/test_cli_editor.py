"""The editor of `kmigrate review`: whatever it does, the answers given so far are not lost."""

import os
import signal
import sys
from pathlib import Path

import pytest

from kmigrate.cli.editor import edited
from kmigrate.errors import InvalidSetting


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program to write, which is then the editor; it gets the path as `path`."""
    program = tmp_path / "editor.py"
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f"{sys.executable} {program}")
    return program


def does(editor: Path, what: str) -> None:
    editor.write_text(f"import os, signal, sys, time\npath = sys.argv[1]\n{what}\n")


def test_the_text_is_what_was_saved(editor: Path) -> None:
    does(editor, "text = open(path).read(); open(path, 'w').write(text.upper() + '\\n')")
    assert edited("a = é\n") == "A = É\n\n"


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("sys.exit(3)", "ended with code 3 (the text stayed as it was)"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "ended with signal 9"),
        ("os.remove(path)", "left cannot be read any more"),
        ("open(path, 'wb').write(b'\\xff\\xfe')", "left is no UTF-8 text"),
        ("open(path, 'w').write(' \\n')", "the editor left no text (press n to leave the change out)"),
    ],
)
def test_an_editor_that_leaves_nothing_of_use_is_told_of(editor: Path, what: str, said: str) -> None:
    does(editor, what)
    with pytest.raises(InvalidSetting) as refused:
        edited("a = 1\n")
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("command", "said"), [("/no/editor", "no such file or directory (set EDITOR)"), ("'", "no closing quotation")]
)
def test_an_editor_that_is_not_there_is_told_of(monkeypatch: pytest.MonkeyPatch, command: str, said: str) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", command)
    with pytest.raises(InvalidSetting) as refused:
        edited("a = 1\n")
    assert said in str(refused.value)


def test_an_interrupt_in_the_editor_is_the_editors(editor: Path) -> None:
    before = signal.getsignal(signal.SIGINT)
    does(editor, f"os.kill({os.getpid()}, signal.SIGINT); time.sleep(0.2); open(path, 'w').write('b = 2\\n')")
    assert edited("a = 1\n") == "b = 2\n"
    assert signal.getsignal(signal.SIGINT) is before
