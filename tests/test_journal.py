"""The journal and the writing: kills at any moment can be undone, and nobody's changes are lost."""

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from git_repository import Repository

import kmigrate
from kmigrate import journal
from kmigrate.applying import apply
from kmigrate.edits import Confidence, Replacement
from kmigrate.errors import NothingToUndo, WriteRefused
from kmigrate.journal import Planned, record, runs, undo
from kmigrate.results import FileResult, Outcome
from kmigrate.source.text import Source
from kmigrate.writing import replace_bytes


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "kmigrate" / "runs"


def written(path: Path, before: bytes, after: bytes) -> Planned:
    """A file on the disk, and the plan to change it."""
    path.write_bytes(before)
    return Planned(path, before, after)


def result(path: Path, old: str, new: str, encoding: str = "utf-8") -> FileResult:
    """A file on the disk, and the result that changes it as a whole."""
    source = Source(str(path), old, encoding)
    path.write_bytes(source.encode(old))
    item = Replacement(0, len(old), new, ("KM100",), Confidence.SAFE)
    return FileResult(path.name, Outcome.CHANGED, old, new, source, (item,))


def test_all_old_bytes_are_on_the_disk_before_a_file_is_written(tmp_path: Path, state: Path) -> None:
    run = record([written(tmp_path / "a.py", b"old\xff", b"new"), written(tmp_path / "b.py", b"old", b"new")])
    entries = json.loads((state / run / "run.json").read_text())["files"]
    assert [entry["path"] for entry in entries] == [str(tmp_path / "a.py"), str(tmp_path / "b.py")]
    assert (state / run / entries[0]["copy"]).read_bytes() == b"old\xff"
    assert stat.S_IMODE((state / run).stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda path: path.write_text("mine\n"), "the file changed since it was read"),
        (Path.unlink, "the file is gone"),
    ],
    ids=["changed", "gone"],
)
def test_a_file_that_changed_meanwhile_is_not_called_uncommitted(
    tmp_path: Path, change: Callable[[Path], object], reason: str
) -> None:
    repository = Repository(tmp_path / "repository")
    repository.commit(net="old\n")
    made = result(repository.top / "net.py", "old\n", "new\n")
    change(repository.top / "net.py")
    (done,), run = apply([made])
    assert done.failure and (done.failure.reason, done.failure.hint, run) == (reason, "run again", None)


@pytest.mark.parametrize("done", [0, 1, 2])
def test_a_run_that_was_killed_can_be_undone(tmp_path: Path, done: int) -> None:
    plans = [written(tmp_path / name, f"old {name}".encode(), b"new") for name in ("a.py", "b.py")]
    record(plans)
    for plan in plans[:done]:
        plan.path.write_bytes(plan.after)
    undone = undo()
    assert [plan.path.read_bytes() for plan in plans] == [plan.before for plan in plans]
    assert (len(undone.restored), len(undone.untouched), undone.refused) == (done, 2 - done, ())
    assert runs() == ()


def test_a_kill_between_two_files_leaves_whole_files_and_a_record(tmp_path: Path) -> None:
    code = """
import os, signal, sys
from pathlib import Path
from kmigrate import applying
sys.path.insert(0, sys.argv[2])
from test_journal import result
write, count = applying.write, 0
def killing(*arguments, **more):
    global count
    count += 1
    if count == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    write(*arguments, **more)
applying.write = killing
folder = Path(sys.argv[1])
applying.apply([result(folder / name, "old\\n", "new\\n") for name in ("a.py", "b.py", "c.py")])
"""
    root = str(Path(kmigrate.__file__).parent.parent)
    arguments = [sys.executable, "-c", code, str(tmp_path), str(Path(__file__).parent)]
    path = os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(arguments, env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert [(tmp_path / name).read_text() for name in ("a.py", "b.py", "c.py")] == ["new\n", "old\n", "old\n"]
    undone = undo()
    assert (len(undone.restored), len(undone.untouched)) == (1, 2)
    assert [(tmp_path / name).read_text() for name in ("a.py", "b.py", "c.py")] == ["old\n"] * 3


def test_a_run_whose_record_is_not_complete_is_no_run(state: Path) -> None:
    (state / "20240101-000000-000000").mkdir(parents=True)
    with pytest.raises(NothingToUndo, match="no run is recorded"):
        undo()


def test_undo_takes_the_last_run_first(tmp_path: Path) -> None:
    first = record([written(tmp_path / "a.py", b"1", b"2")])
    second = record([written(tmp_path / "a.py", b"2", b"3")])
    assert runs() == (second, first)
    (tmp_path / "a.py").write_bytes(b"3")
    assert undo().run == second
    assert undo().run == first
    assert (tmp_path / "a.py").read_bytes() == b"1"


def test_undo_keeps_the_record_of_what_it_refused(tmp_path: Path) -> None:
    plans = [written(tmp_path / name, b"old", b"new") for name in ("a.py", "b.py", "c.py")]
    run = record(plans)
    plans[0].path.write_bytes(b"mine")
    plans[1].path.unlink()
    plans[2].path.write_bytes(b"new")
    undone = undo(run)
    assert [Path(error.where or "").name for error in undone.refused] == ["a.py", "b.py"]
    assert undone.restored == (plans[2].path,)
    assert plans[0].path.read_bytes() == b"mine"
    plans[0].path.write_bytes(b"new")
    plans[1].path.write_bytes(b"new")
    assert undo(run).refused == ()
    assert [plan.path.read_bytes() for plan in plans] == [b"old"] * 3


def test_an_unknown_run_is_an_error_that_names_the_known_ones(tmp_path: Path) -> None:
    run = record([written(tmp_path / "a.py", b"1", b"2")])
    with pytest.raises(NothingToUndo, match=run):
        undo("20200101-000000-000000")
    with pytest.raises(NothingToUndo):
        undo("../../..")


def test_old_runs_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: Path) -> None:
    monkeypatch.setattr(journal, "KEPT", 3)
    (state / "mine").mkdir(parents=True)
    ids = [record([written(tmp_path / "a.py", b"1", b"2")]) for _ in range(5)]
    assert runs() == tuple(reversed(ids[2:]))
    assert (state / "mine").is_dir()


def test_a_relative_state_folder_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    record([written(tmp_path / "a.py", b"1", b"2")])
    assert not (tmp_path / "relative").exists()
    assert (tmp_path / "home" / ".local" / "state" / "kmigrate" / "runs").is_dir()


def test_writing_keeps_the_mode_and_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old")
    path.chmod(0o751)
    replace_bytes(path, b"new", expected=b"old")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o751
    assert [item.name for item in tmp_path.iterdir()] == ["a.py"]


def test_a_file_that_changed_meanwhile_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"mine")
    with pytest.raises(WriteRefused, match="changed since it was read"):
        replace_bytes(path, b"new", expected=b"old")
    assert path.read_bytes() == b"mine"


def test_a_dangling_link_is_never_written_through(tmp_path: Path) -> None:
    (tmp_path / "link.py").symlink_to("nowhere.py")
    with pytest.raises(WriteRefused, match="gone"):
        replace_bytes(tmp_path / "link.py", b"new", expected=b"")
    assert not (tmp_path / "nowhere.py").exists()


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteRefused, match="no space left on device"):
        replace_bytes(path, b"new", expected=b"old")
    assert path.read_bytes() == b"old"
    assert [item.name for item in tmp_path.iterdir()] == ["a.py"]


def test_files_that_cannot_be_written_end_as_failed_and_the_others_are_written(tmp_path: Path) -> None:
    results = [result(tmp_path / name, "old\n", "new\n") for name in ("a.py", "b.py", "c.py")]
    (tmp_path / "a.py").write_text("mine\n")
    (tmp_path / "b.py").unlink()
    done, run = apply(results)
    assert [item.outcome for item in done] == [Outcome.FAILED, Outcome.FAILED, Outcome.CHANGED]
    assert [item.failure and item.failure.reason for item in done[:2]] == [
        "the file changed since it was read", "the file is gone",
    ]  # fmt: skip
    assert done[0].after == done[0].before
    assert (tmp_path / "a.py").read_text() == "mine\n"
    assert (tmp_path / "c.py").read_text() == "new\n"
    assert run is not None
    undo(run)
    assert (tmp_path / "a.py").read_text() == "mine\n"
    assert (tmp_path / "c.py").read_text() == "old\n"


def test_a_text_that_the_encoding_cannot_hold_is_a_failed_file(tmp_path: Path) -> None:
    (done,), run = apply([result(tmp_path / "a.py", "old\n", "n→w\n", "latin-1")])
    assert done.outcome is Outcome.FAILED and done.failure is not None
    assert done.failure.reason == "the new text has a character that latin-1 lacks: '→'"
    assert run is None
    assert (tmp_path / "a.py").read_bytes() == b"old\n"


def test_nothing_to_write_is_no_run(state: Path) -> None:
    assert apply([FileResult("a.py", Outcome.CLEAN)]) == ((FileResult("a.py", Outcome.CLEAN),), None)
    assert not state.exists()


def test_a_run_that_could_write_nothing_does_not_stand_before_the_last_one(tmp_path: Path) -> None:
    good = result(tmp_path / "a.py", "old\n", "new\n")
    _, first = apply([good])
    late = result(tmp_path / "b.py", "old\n", "new\n")
    (tmp_path / "b.py").write_text("mine\n")
    done, run = apply([late])
    assert (done[0].outcome, run) == (Outcome.FAILED, None)
    assert runs() == (first,)
    undo()
    assert (tmp_path / "a.py").read_text() == "old\n"
