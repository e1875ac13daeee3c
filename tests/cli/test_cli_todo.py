"""`--todo`, and `kmigrate todo list|clear`."""

import shutil
from pathlib import Path

import pytest
from cli_project import BROKEN, BY_HAND, KERAS_1, KERAS_2, Kmigrate


@pytest.fixture
def by_hand(project: Path) -> Path:
    (project / "hand.py").write_bytes(BY_HAND.replace("\n", "\r\n").encode())
    return project


def test_written_listed_and_cleared(by_hand: Path, kmigrate_run: Kmigrate) -> None:
    assert kmigrate_run("migrate", ".", "--todo").code == 1
    marked = (by_hand / "hand.py").read_bytes()
    assert marked.count(b"# TODO(kmigrate KM") == 2
    assert (by_hand / "model.py").read_text() == KERAS_2
    again = kmigrate_run("migrate", ".", "--todo")
    assert again.code == 1
    assert "recorded" not in again.err
    listed = kmigrate_run("todo", "list", ".")
    assert listed.code == 1
    rows = listed.text.splitlines()
    assert [row.split("  ")[0] for row in rows] == ["hand.py:1", "hand.py:4"]
    assert all(len(row.split("  ")) == 3 for row in rows)
    done = kmigrate_run("todo", "clear")
    assert done.code == 0
    assert done.text == "2 comments removed from 1 file.\n"
    assert (by_hand / "hand.py").read_bytes() == BY_HAND.replace("\n", "\r\n").encode()
    assert kmigrate_run("todo", "list").code == 0
    assert kmigrate_run("undo").code == 0
    assert (by_hand / "hand.py").read_bytes() == marked


def test_a_line_feed_in_the_name_of_a_file_breaks_no_line(project: Path, kmigrate_run: Kmigrate) -> None:
    (project / "new\nline.py").write_text(BY_HAND)
    kmigrate_run("migrate", ".", "--todo")
    assert [line.split("  ")[0] for line in kmigrate_run("todo", "list").text.splitlines()] == ["new␊line.py:1", "new␊line.py:4"]
    assert "restored new␊line.py\n" in kmigrate_run("undo").text
    (project / "new\nline.py").write_bytes(b"# TODO(kmigrate KM1): x\n\xff")
    assert kmigrate_run("todo", "list").err.startswith("kmigrate: error: new␊line.py: ")


def test_the_diff_shows_them(by_hand: Path, kmigrate_run: Kmigrate) -> None:
    assert "+# TODO(kmigrate KM" in kmigrate_run("diff", "hand.py", "--todo").text
    assert b"TODO" not in (by_hand / "hand.py").read_bytes()


def test_standard_output_has_them(kmigrate_run: Kmigrate) -> None:
    done = kmigrate_run("migrate", "-", "--todo", stdin=(KERAS_1 + BY_HAND).encode())
    assert done.code == 1
    assert done.text.count("# TODO(kmigrate KM") == 2
    assert KERAS_2 in done.text


def test_clearing_leaves_other_files_and_broken_ones(by_hand: Path, kmigrate_run: Kmigrate) -> None:
    kmigrate_run("migrate", "hand.py", "--todo")
    shutil.copy(by_hand / "hand.py", by_hand / "latin.py")
    (by_hand / "latin.py").write_bytes(b"# TODO(kmigrate KM1): x\n# caf\xe9\n")
    done = kmigrate_run("todo", "clear", ".")
    assert done.code == 3
    assert done.text == "2 comments removed from 1 file.\n"
    assert "latin.py: line 2 is not utf-8 text" in done.err
    assert (by_hand / "latin.py").read_bytes() == b"# TODO(kmigrate KM1): x\n# caf\xe9\n"


def test_a_broken_file_keeps_its_comments_and_says_so(by_hand: Path, kmigrate_run: Kmigrate) -> None:
    (by_hand / "broken.py").write_text("# TODO(kmigrate KM1): x\n" + BROKEN)
    done = kmigrate_run("todo", "clear", "broken.py")
    assert done.code == 3
    assert "broken.py" in done.err
    assert (by_hand / "broken.py").read_text().startswith("# TODO")
