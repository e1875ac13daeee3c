"""A batch that is killed at any moment: every file is old or new, and the same command brings it to the same end."""

import json
import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from batch_place import KERAS_1, Place

MOMENTS = int(os.environ.get("KMIGRATE_KILLS", "3"))
"""How many times a batch is killed; more find more."""

REPOSITORIES = Path("repositories")
WAYS: tuple[tuple[str, ...], ...] = (("--write",), ("--out", "new"), ("--branch", "keras2", "--commit"))


@pytest.fixture
def many(tmp_path: Path) -> Place:
    """Twelve repositories of three files."""
    place = Place(tmp_path)
    for repository in range(12):
        for file in range(3):
            place.write(f"r{repository:02}/m{file}.py", KERAS_1.format(f"{repository}{file}"))
    return place


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way[0])
def test_a_killed_batch_goes_on(many: Place, way: tuple[str, ...]) -> None:
    if "--commit" in way:
        for repository in range(12):
            many.commit(f"r{repository:02}")
    old = many.texts()
    new = {name: text.replace("output_dim", "units") for name, text in old.items()}
    shutil.copytree(many.folder / "repositories", many.folder / "clean", symlinks=True)
    whole = _records(many, way)
    interrupted = 0
    for _ in range(10 * MOMENTS):
        _start_over(many)
        seen, later = random.randrange(10), random.uniform(0, 0.03)
        with many.start(REPOSITORIES, *way) as running:
            assert running.stderr is not None
            for _ in range(seen):
                running.stderr.readline()
            time.sleep(later)
            running.send_signal(signal.SIGKILL)
        if _complete(many):
            continue
        interrupted += 1
        moment = f"killed {later:.3f} s after {seen} repositories"
        texts = many.texts()
        assert {name for name in texts if name in old} == set(old)
        assert all(texts[name] in (old[name], new[name]) for name in old), moment
        assert _records(many, way) == whole, moment
        assert many.texts() == (old if "--out" in way else new)
        _check(many, way, new)
        if interrupted == MOMENTS:
            break
    assert interrupted == MOMENTS


@pytest.fixture
def committing(tmp_path: Path) -> Callable[[int], Place]:
    """A repository whose batch was killed while a slow hook looked at its commit, which goes on and ends with this code."""

    def killed(code: int) -> Place:
        place = Place(tmp_path)
        place.write("first/model.py", KERAS_1.format(1))
        place.commit("first")
        begun, hook = tmp_path / "begun", tmp_path / "repositories/first/.git/hooks/pre-commit"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\n[ -e '{begun}' ] && exit 0\n: > '{begun}'\nsleep 3\nexit {code}\n")
        hook.chmod(0o755)
        with place.start(REPOSITORIES, "--commit") as running:
            while not begun.exists() and running.poll() is None:
                time.sleep(0.01)
            running.send_signal(signal.SIGKILL)
        return place

    return killed


@pytest.mark.parametrize("code", [0, 1])
def test_a_commit_that_git_is_still_at_work_on_is_waited_for(committing: Callable[[int], Place], code: int) -> None:
    place = committing(code)
    done = place.batch(REPOSITORIES, "--commit")
    assert done.code == 0 and "first: waiting for git, or a hook, still at work on the commit begun before" in done.err
    assert place.git("first", "rev-list", "--count", "HEAD") == "2\n"
    assert place.git("first", "status", "--porcelain") == ""
    assert place.texts() == {"first/model.py": KERAS_1.format(1).replace("output_dim", "units")}


def test_what_git_committed_after_all_is_not_undone(committing: Callable[[int], Place]) -> None:
    place = committing(0)
    done = place.batch(REPOSITORIES, "--commit", "--undo")
    assert done.code == 2 and "git reset --keep HEAD~1" in done.err
    assert place.git("first", "rev-list", "--count", "HEAD") == "2\n"
    assert place.git("first", "status", "--porcelain") == ""


def _records(place: Place, way: tuple[str, ...]) -> list[dict[str, Any]]:
    """What is told of each repository, without times, ids of runs and of commits."""
    done = place.batch(REPOSITORIES, *way, "--format", "json")
    assert done.code == 0, done
    records: list[dict[str, Any]] = json.loads(done.out)["repositories"]
    for record in records:
        record["written"] = record["written"].split(" as ")[0]
        del record["seconds"], record["run"]
    return records


def _complete(place: Place) -> bool:
    """Whether the batch was at its end already: the same command would then start over."""
    notes = list((place.folder / "state/kmigrate/batch").glob("*/batch.json"))
    return any(json.loads(note.read_text())["complete"] for note in notes)


def _start_over(place: Place) -> None:
    for name in ("repositories", "state", "new"):
        shutil.rmtree(place.folder / name, ignore_errors=True)
    shutil.copytree(place.folder / "clean", place.folder / "repositories", symlinks=True)


def _check(place: Place, way: tuple[str, ...], new: dict[str, str]) -> None:
    if "--out" in way:
        top = place.folder / "new"
        files = [path for path in top.rglob("*") if path.is_file()]
        assert {path.relative_to(top).as_posix(): path.read_text() for path in files} == new
    if "--commit" in way:
        for repository in range(12):
            assert place.git(f"r{repository:02}", "rev-list", "--count", "main..keras2") == "1\n"
            assert place.git(f"r{repository:02}", "status", "--porcelain") == ""
