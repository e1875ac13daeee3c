"""`--emit-helpers` on the command line: diff, patch, JSON, commits, undo."""

import json
from pathlib import Path

import pytest
from cli_project import BY_HAND, Kmigrate
from git_repository import Repository


@pytest.fixture
def by_hand(project: Path) -> Path:
    (project / "hand.py").write_text(BY_HAND)
    return project


def test_the_review_names_the_option(by_hand: Path, kmigrate_run: Kmigrate) -> None:
    done = kmigrate_run("diff", "hand.py")
    assert "`--emit-helpers` writes a layer `MaxoutDense`" in " ".join(done.text.split())
    assert not (by_hand / "keras1_layers.py").exists()


def test_a_diff_shows_the_new_file(by_hand: Path, kmigrate_run: Kmigrate) -> None:
    done = kmigrate_run("diff", "hand.py", "--emit-helpers")
    assert done.code == 1
    assert "--- /dev/null\n+++ keras1_layers.py\n" in done.text
    assert "1 changed, 1 added" in done.text
    assert not (by_hand / "keras1_layers.py").exists()


def test_git_takes_the_patch(by_hand: Path, kmigrate_run: Kmigrate) -> None:
    repository = Repository(by_hand)
    repository.commit("first")
    patch = kmigrate_run("diff", ".", "--emit-helpers", "--format", "diff", "--output", "x.patch")
    assert patch.code == 1
    repository.git("apply", "x.patch")
    applied = (by_hand / "keras1_layers.py").read_text(), (by_hand / "hand.py").read_text()
    (by_hand / "keras1_layers.py").unlink()
    repository.git("checkout", ".")
    assert kmigrate_run("migrate", ".", "--emit-helpers").code == 0
    assert applied == ((by_hand / "keras1_layers.py").read_text(), (by_hand / "hand.py").read_text())


def test_json_tells_of_the_new_file(by_hand: Path, kmigrate_run: Kmigrate) -> None:
    data = json.loads(kmigrate_run("diff", ".", "--emit-helpers", "--format", "json").text)
    assert data["summary"]["files"]["created"] == 1
    (new,) = (file for file in data["files"] if file["outcome"] == "created")
    assert new["path"] == "keras1_layers.py"
    assert "class MaxoutDense(Layer):" in new["edits"][0]["after"]


@pytest.mark.parametrize("form", ["html", "markdown", "github", "sarif", "junit", "plan"])
def test_every_report_can_be_made(by_hand: Path, kmigrate_run: Kmigrate, form: str) -> None:
    done = kmigrate_run("diff", ".", "--emit-helpers", "--format", form)
    assert (done.code, done.err) == (1, "")


def test_undo_removes_it(by_hand: Path, kmigrate_run: Kmigrate) -> None:
    assert kmigrate_run("migrate", ".", "--emit-helpers").code == 0
    done = kmigrate_run("undo")
    assert "removed keras1_layers.py\n" in done.text
    assert not (by_hand / "keras1_layers.py").exists()
    assert (by_hand / "hand.py").read_text() == BY_HAND


def test_it_is_part_of_the_first_commit_that_needs_it(by_hand: Path, kmigrate_run: Kmigrate) -> None:
    repository = Repository(by_hand)
    repository.commit("first")
    assert kmigrate_run("migrate", ".", "--emit-helpers", "--commit-per-rule").code == 0
    assert repository.git("status", "--porcelain") == ""
    assert repository.git("ls-files", "keras1_layers.py")
    first = repository.git("log", "--format=%h", "--", "keras1_layers.py").split()
    assert len(first) == 1
    assert "hand.py" in repository.git("show", "--format=", "--name-only", first[0])


def test_standard_input_has_no_place_for_it(kmigrate_run: Kmigrate) -> None:
    done = kmigrate_run("migrate", "-", "--emit-helpers", stdin=BY_HAND.encode())
    assert done.code == 2
    assert "--emit-helpers does not go with `-`" in done.err


def test_the_project_can_ask_for_it(by_hand: Path, kmigrate_run: Kmigrate) -> None:
    (by_hand / "pyproject.toml").write_text("[tool.kmigrate]\nemit-helpers = true\n")
    assert kmigrate_run("migrate", ".").code == 0
    assert (by_hand / "keras1_layers.py").exists()
