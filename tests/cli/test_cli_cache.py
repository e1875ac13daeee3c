"""`--no-cache`, `--cache-dir` and `kmigrate cache`."""

from pathlib import Path

import pytest
from cli_project import Kmigrate


def test_results_are_kept_outside_of_the_project_and_cleared(
    project: Path, tmp_path: Path, kmigrate_run: Kmigrate
) -> None:
    kept = tmp_path / "kept"
    before = sorted(project.rglob("*"))
    first = kmigrate_run("diff", ".", "--cache-dir", kept)
    assert first.code == 1
    assert len(list(kept.iterdir())) == 1
    assert kmigrate_run("diff", ".", "--cache-dir", kept).text == first.text
    assert kmigrate_run("scan", ".", "--cache-dir", kept).code == 1
    assert len(list(kept.iterdir())) == 1
    assert sorted(project.rglob("*")) == before
    assert f"{kept}: results of 1 run, " in kmigrate_run("cache", "show", "--cache-dir", kept).text
    assert kmigrate_run("cache", "clear", "--cache-dir", kept).text.startswith("results of 1 run, ")
    assert list(kept.iterdir()) == []


def test_no_results_are_kept_or_taken_on_request(project: Path, tmp_path: Path, kmigrate_run: Kmigrate) -> None:
    kept = tmp_path / "kept"
    assert kmigrate_run("diff", ".", "--no-cache", "--cache-dir", kept).code == 1
    assert not kept.exists()
    (project / "pyproject.toml").write_text('[tool.kmigrate]\ncache = false\ncache-dir = "here"\n')
    assert kmigrate_run("diff", ".").code == 1
    assert not (project / "here").exists()
    (project / "pyproject.toml").write_text('[tool.kmigrate]\ncache-dir = "here"\n')
    assert kmigrate_run("diff", ".").code == 1
    assert len(list((project / "here").iterdir())) == 1


def test_a_run_from_what_is_kept_writes_what_a_run_writes(
    project: Path, tmp_path: Path, kmigrate_run: Kmigrate
) -> None:
    options = ("--cache-dir", tmp_path / "kept")
    kmigrate_run("diff", ".", *options)
    assert kmigrate_run("migrate", ".", *options).code == 0
    assert "units=3" in (project / "model.py").read_text()
    assert kmigrate_run("diff", ".", *options).code == 0


@pytest.mark.parametrize("folder", ["model.py", "model.py/below", "model.py/further/below"])
@pytest.mark.parametrize("command", [("diff", "."), ("migrate", "."), ("cache", "show"), ("cache", "clear")])
def test_a_place_where_nothing_can_be_kept_is_two(
    project: Path, kmigrate_run: Kmigrate, command: tuple[str, ...], folder: str
) -> None:
    before = (project / "model.py").read_bytes()
    done = kmigrate_run(*command, "--cache-dir", folder)
    assert (done.code, done.out) == (2, b"")
    assert f"--cache-dir: `{project / 'model.py'}` is not a folder" in done.err
    assert (project / "model.py").read_bytes() == before


def test_a_folder_that_is_not_there_yet_holds_nothing(kmigrate_run: Kmigrate, tmp_path: Path) -> None:
    assert "results of 0 runs" in kmigrate_run("cache", "show", "--cache-dir", tmp_path / "a" / "b").text
