"""`kmigrate review` on a real terminal of 80 columns: what it shows, what the keys do, what Ctrl-C leaves."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cli_project import COMMAND, KERAS_1, KERAS_2, Kmigrate, environment
from made_notebooks import notebook

pexpect = pytest.importorskip("pexpect", reason="there are no pseudo terminals here")
pyte = pytest.importorskip("pyte")

PROMPT = "Make this change"
TWO = KERAS_1 + "other = Dense(output_dim=4)\n"


class Terminal:
    """The command in a terminal; `screen` is what a person sees."""

    def __init__(self, arguments: tuple[str, ...], folder: Path, env: dict[str, str]) -> None:
        env = {key: value for key, value in env.items() if key != "COLUMNS"} | {"TERM": "xterm"}
        self.child = pexpect.spawn(
            COMMAND[0], [*COMMAND[1:], "review", *arguments], cwd=str(folder), env=env, dimensions=(50, 80), timeout=120,
            encoding="utf-8", preexec_fn=_as_a_shell,
        )  # fmt: skip
        self.emulated = pyte.Screen(80, 50)
        self.stream = pyte.Stream(self.emulated)

    def until(self, pattern: str) -> None:
        self.child.expect(pattern)
        self.stream.feed(self.child.before + self.child.after)

    def press(self, key: str) -> None:
        self.child.send(key)

    def end(self) -> int:
        """The exit code, when the command has ended."""
        self.child.expect(pexpect.EOF)
        self.stream.feed(self.child.before)
        self.child.close()
        return int(self.child.exitstatus)

    @property
    def screen(self) -> str:
        return "\n".join(line.rstrip() for line in self.emulated.display).rstrip() + "\n"


def _as_a_shell() -> None:
    """What a shell starts can be interrupted, also where the tests themselves run in the background and can't."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def review(project: Path, tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    """Starts `kmigrate review` in the project."""
    opened: list[Terminal] = []

    def start(*arguments: str, **env: str) -> Terminal:
        opened.append(Terminal(arguments, project, environment(tmp_path / "state", env)))
        return opened[-1]

    yield start
    for terminal in opened:
        terminal.child.close(force=True)


def test_a_card_fits_80_columns_and_says_why(
    review: Callable[..., Terminal], project: Path, kmigrate_run: Kmigrate
) -> None:
    terminal = review(".")
    terminal.until(PROMPT)
    lines = terminal.screen.splitlines()
    assert lines[1].startswith("── model.py:3 ──") and lines[1].endswith(" 1/1 in this file ─")
    assert len(lines[1]) == 80
    assert any(line.startswith("KM100   `Dense`: `output_dim` became `units`") for line in lines)
    assert any(line.startswith("reason  Keras 2 renamed") for line in lines)
    assert any(line.startswith("link    https://") for line in lines)
    assert "-layer = Dense(output_dim=3)\n+layer = Dense(units=3)\n" in terminal.screen
    columns = {
        column for row in terminal.emulated.buffer.values() for column, char in row.items() if char.fg == "green"
    }
    assert columns, "the new lines have a colour"
    terminal.press("?")
    terminal.until("Ctrl-C stops too, and writes nothing.*" + PROMPT)
    assert max(map(len, terminal.screen.splitlines())) <= 80
    assert (project / "model.py").read_text() == KERAS_1
    terminal.press("y")
    assert terminal.end() == 0
    assert (project / "model.py").read_text() == KERAS_2
    assert kmigrate_run("undo").code == 0
    assert (project / "model.py").read_text() == KERAS_1


@pytest.mark.parametrize("stop", ["\x03", "\x04"], ids=["Ctrl-C", "Ctrl-D"])
def test_ctrl_c_writes_nothing(
    review: Callable[..., Terminal], project: Path, kmigrate_run: Kmigrate, stop: str
) -> None:
    (project / "model.py").write_text(TWO)
    terminal = review(".")
    terminal.until(PROMPT)
    terminal.press("y")
    terminal.until(r"2/2 in this file[\s\S]*" + PROMPT)
    terminal.press(stop)
    assert terminal.end() == 130
    assert "Nothing was written." in terminal.screen
    assert (project / "model.py").read_text() == TWO
    assert "no run is recorded" in kmigrate_run("undo").err


def test_answers_are_taken_back_kept_and_written_at_the_end(
    review: Callable[..., Terminal], project: Path, tmp_path: Path
) -> None:
    (project / "model.py").write_text(TWO + "third = Dense(output_dim=5)\nlast = Dense(output_dim=6)\n")
    editor = tmp_path / "editor.py"
    editor.write_text("import sys\npath = sys.argv[1]\nopen(path, 'w').write('Dense(5, bias=1)\\n')\n")
    terminal = review(".", EDITOR=f"{sys.executable} {editor}")
    for key, number in (("n", 2), ("u", 1), ("i", 2), ("y", 3)):
        terminal.until(PROMPT)
        terminal.press(key)
        terminal.until(f"{number}/4 in this file")
    terminal.until(PROMPT)
    terminal.press("e")
    terminal.until(r"That can't be written: [\s\S]*" + PROMPT)
    editor.write_text("import sys\npath = sys.argv[1]\nopen(path, 'w').write('Dense(5, use_bias=True)\\n')\n")
    terminal.press("e")
    terminal.until("4/4 in this file")
    terminal.until(PROMPT)
    terminal.press("q")
    assert terminal.end() == 0
    assert (project / "model.py").read_text() == (
        "from keras.layers import Dense\n\nlayer = Dense(output_dim=3)  # kmigrate: ignore[KM100]\n"
        "other = Dense(units=4)\nthird = Dense(5, use_bias=True)\nlast = Dense(output_dim=6)\n"
    )


def test_the_return_key_is_no_answer_and_the_question_comes_again_after_a_stop(
    review: Callable[..., Terminal], project: Path
) -> None:
    terminal = review(".")
    terminal.until(PROMPT)
    terminal.press("\r")
    os.kill(terminal.child.pid, signal.SIGSTOP)
    os.waitpid(terminal.child.pid, os.WUNTRACED)
    terminal.child.setecho(True)
    os.kill(terminal.child.pid, signal.SIGCONT)
    terminal.until(PROMPT)
    terminal.press("y")
    assert terminal.end() == 0
    assert "Ctrl-C stops too" not in terminal.screen
    assert (project / "model.py").read_text() == KERAS_2


def test_keys_that_come_at_once_count_one_by_one(review: Callable[..., Terminal], project: Path) -> None:
    (project / "model.py").write_text(TWO + "third = Dense(output_dim=5)\n")
    terminal = review(".")
    terminal.until(PROMPT)
    terminal.press("ny")
    terminal.until(r"3/3 in this file[\s\S]*" + PROMPT)
    for key in ("\x1b[A", "\x1b[1;5C", "\x1bOP", "é", "汉"):
        terminal.press(key)
        terminal.until("Ctrl-C stops too, and writes nothing.*" + PROMPT)
    terminal.press("\x1b[By")
    assert terminal.end() == 0
    assert "Ctrl-C stops too" in terminal.screen
    assert (project / "model.py").read_text() == TWO.replace("output_dim=4", "units=4") + "third = Dense(units=5)\n"


def test_places_in_a_notebook_are_told_with_their_cells(review: Callable[..., Terminal], project: Path) -> None:
    layer = "class {}(Layer):\n    def get_output_shape_for(self, shape):\n        return shape\n"
    cells = ("from keras.layers import Layer\n" + layer.format("A"), layer.format("B") + layer.format("C"), layer.format("D"))
    (project / "net.ipynb").write_bytes(notebook(*cells))
    terminal = review("net.ipynb")
    terminal.until(PROMPT)
    assert "── net.ipynb cell 1, line 3 ──" in terminal.screen
    assert "with    the same in cell 2, line 2, 5; cell 3, line 2: none of them holds" in terminal.screen


def test_what_was_left_out_is_told_and_is_not_clean(review: Callable[..., Terminal], project: Path) -> None:
    (project / "model.py").write_text(TWO + "third = Dense(output_dim=5)\n")
    terminal = review(".")
    terminal.until(PROMPT)
    terminal.press("nnq")
    assert terminal.end() == 0
    assert "Files: 1 ignored" in terminal.screen
    assert "3 changes left out: `kmigrate diff` shows them again" in terminal.screen


def test_the_help_of_a_narrow_terminal_fits(review: Callable[..., Terminal]) -> None:
    terminal = review(".")
    terminal.until(PROMPT)
    terminal.child.setwinsize(50, 40)
    terminal.press("?")
    terminal.until("Ctrl-C stops, and writes nothing.*" + PROMPT)
    assert max(len(line) for line in terminal.screen.partition("y  make")[2].splitlines()) <= 40
    terminal.press("\x03")
    assert terminal.end() == 130


@pytest.mark.skipif(os.name == "nt", reason="files have no owner who may write")
def test_a_file_that_cannot_be_written_is_told_of_before_the_first_question(
    review: Callable[..., Terminal], project: Path
) -> None:
    (project / "model.py").chmod(0o444)
    terminal = review(".")
    assert terminal.end() == 2
    told = "model.py: the file is read-only (make it writable, or leave it out)"
    assert told.replace(" ", "") in "".join(terminal.screen.split())


def test_standard_input_is_for_the_answers(review: Callable[..., Terminal], kmigrate_run: Kmigrate) -> None:
    terminal = review("-")
    assert terminal.end() == 2
    assert "standard input is where the answers come from, and cannot be reviewed" in terminal.screen.replace("\n", "")
    assert "standard input" not in kmigrate_run("review", "--help").text


def test_without_a_terminal_nobody_can_be_asked(kmigrate_run: Kmigrate) -> None:
    done = kmigrate_run("review", ".")
    assert (done.code, done.out) == (2, b"")
    assert "needs a terminal" in done.err and "--output plan.json" in done.err
