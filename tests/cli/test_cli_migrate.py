"""`kmigrate migrate` and `undo`: files in place, back again, to a copy, and from standard input to standard output."""

import json
import os
import re
import signal
import stat
import subprocess
from pathlib import Path

import pytest
from cli_project import BROKEN, BY_HAND, COMMAND, KERAS_1, KERAS_2, Done, Kmigrate, environment, run_kmigrate


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file with its bytes and its mode."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) for path in files}


def test_in_place_and_back(project: Path, kmigrate_run: Kmigrate) -> None:
    (project / "model.py").chmod(0o755)
    (project / "windows.py").write_bytes(b"\xef\xbb\xbf" + KERAS_1.replace("\n", "\r\n").encode() + b"\r# \xc3\xa9")
    (project / "latin.py").write_bytes(b"# coding: latin-1\n# caf\xe9\n" + KERAS_1.encode())
    before = snapshot(project)
    done = kmigrate_run("migrate", ".")
    assert done.code == 0
    assert "` takes it back" in done.err
    assert (project / "model.py").read_text() == KERAS_2
    assert stat.S_IMODE((project / "model.py").stat().st_mode) == 0o755
    windows = (project / "windows.py").read_bytes()
    assert windows == b"\xef\xbb\xbf" + KERAS_2.replace("\n", "\r\n").encode() + b"\r# \xc3\xa9"
    assert (project / "latin.py").read_bytes() == b"# coding: latin-1\n# caf\xe9\n" + KERAS_2.encode()
    assert snapshot(project).keys() == before.keys()
    undone = kmigrate_run("undo")
    assert undone.code == 0
    assert "restored model.py" in undone.text
    assert snapshot(project) == before


def test_a_second_run_changes_nothing(project: Path, kmigrate_run: Kmigrate) -> None:
    kmigrate_run("migrate", ".")
    after = snapshot(project)
    done = kmigrate_run("migrate", ".")
    assert done.code == 0
    assert "recorded" not in done.err
    assert snapshot(project) == after


def test_reviews_left_are_one(project: Path, kmigrate_run: Kmigrate) -> None:
    (project / "hand.py").write_text(BY_HAND)
    done = kmigrate_run("migrate", ".")
    assert done.code == 1
    assert "Left to do by hand" in done.text
    assert (project / "model.py").read_text() == KERAS_2


def test_a_broken_file_stays_and_the_others_are_written(project: Path, kmigrate_run: Kmigrate) -> None:
    (project / "broken.py").write_text(BROKEN)
    assert kmigrate_run("migrate", ".").code == 3
    assert (project / "broken.py").read_text() == BROKEN
    assert (project / "model.py").read_text() == KERAS_2


def test_a_read_only_file_is_refused(project: Path, kmigrate_run: Kmigrate) -> None:
    (project / "model.py").chmod(0o444)
    (project / "other.py").write_text(KERAS_1)
    done = kmigrate_run("migrate", ".")
    assert done.code == 3
    assert "the file is read-only" in done.text
    assert (project / "model.py").read_text() == KERAS_1
    assert (project / "other.py").read_text() == KERAS_2


def test_a_link_leads_to_the_file_and_stays_a_link(project: Path, kmigrate_run: Kmigrate) -> None:
    (project / "link.py").symlink_to("model.py")
    assert kmigrate_run("migrate", "link.py").code == 0
    assert (project / "link.py").is_symlink()
    assert (project / "model.py").read_text() == KERAS_2


def test_a_dangling_link_is_a_failed_file(project: Path, kmigrate_run: Kmigrate) -> None:
    (project / "dangling.py").symlink_to("nowhere.py")
    assert kmigrate_run("migrate", ".").code == 0
    done = kmigrate_run("migrate", "dangling.py")
    assert done.code == 3
    assert "the link leads nowhere: nowhere.py" in done.text
    assert not (project / "nowhere.py").exists()


def test_undo_refuses_a_file_that_changed_since(project: Path, kmigrate_run: Kmigrate) -> None:
    (project / "other.py").write_text(KERAS_1)
    kmigrate_run("migrate", ".")
    (project / "model.py").write_text("mine = 1\n")
    done = kmigrate_run("undo")
    assert done.code == 3
    assert len(done.err.splitlines()) == 1
    assert "model.py: the file changed since the run" in done.err
    assert (project / "model.py").read_text() == "mine = 1\n"
    assert (project / "other.py").read_text() == KERAS_1


def test_undo_of_a_named_run(project: Path, kmigrate_run: Kmigrate, tmp_path: Path) -> None:
    (project / "other.py").write_text(KERAS_1)
    kmigrate_run("migrate", "model.py")
    first = next((tmp_path / "state" / "kmigrate" / "runs").iterdir()).name
    kmigrate_run("migrate", "other.py")
    assert kmigrate_run("undo", first).code == 0
    assert (project / "model.py").read_text() == KERAS_1
    assert (project / "other.py").read_text() == KERAS_2
    assert kmigrate_run("undo", first).code == 2
    assert kmigrate_run("undo").code == 0
    assert (project / "other.py").read_text() == KERAS_1
    assert "no run is recorded" in kmigrate_run("undo").err


def test_undo_takes_back_no_run_of_another_project_unless_it_is_named(
    project: Path, kmigrate_run: Kmigrate, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    (other / "pkg").mkdir(parents=True)
    (other / ".git").mkdir()
    (other / "net.py").write_text(KERAS_1)
    kmigrate_run("migrate", ".")
    run = next((tmp_path / "state" / "kmigrate" / "runs").iterdir()).name

    def there(*arguments: str) -> Done:
        return run_kmigrate(arguments, b"", other / "pkg", environment(tmp_path / "state"))

    done = there("undo")
    assert done.code == 2
    assert f"wrote to {project / 'model.py'}: `kmigrate undo {run}`" in done.err
    assert (project / "model.py").read_text() == KERAS_2
    there("migrate", "../net.py", "--allow-dirty")
    kmigrate_run("undo")
    assert (project / "model.py").read_text() == KERAS_1
    assert (other / "net.py").read_text() == KERAS_2
    assert there("undo").code == 0, "the work tree around the folder counts"
    assert (other / "net.py").read_text() == KERAS_1


def test_the_command_that_is_told_takes_a_run_back_from_anywhere(
    project: Path, kmigrate_run: Kmigrate, tmp_path: Path
) -> None:
    said = kmigrate_run("migrate", "model.py").err
    command = said.partition("`kmigrate ")[2].partition("`")[0].split()
    done = run_kmigrate(tuple(command), b"", tmp_path / "state", environment(tmp_path / "state"))
    assert done.code == 0, done.err
    assert (project / "model.py").read_text() == KERAS_1


def test_nothing_is_written_without_a_record(project: Path, kmigrate_run: Kmigrate, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    done = kmigrate_run("migrate", ".", env={"XDG_STATE_HOME": str(tmp_path / "taken")})
    assert done.code == 3
    assert "the run cannot be recorded" in done.err
    assert (project / "model.py").read_text() == KERAS_1


def test_a_copy_of_the_tree(project: Path, kmigrate_run: Kmigrate, tmp_path: Path) -> None:
    (project / "run.sh").write_bytes(b"#!/bin/sh\n\xff")
    (project / "run.sh").chmod(0o750)
    (project / "model.py").chmod(0o700)
    (project / "broken.py").write_text(BROKEN)
    (project / "empty").mkdir()
    (project / "link").symlink_to("run.sh")
    os.mkfifo(project / "pipe")
    before = snapshot(project)
    done = kmigrate_run("migrate", ".", "--out", "../copy")
    assert done.code == 3
    assert snapshot(project) == before
    assert snapshot(tmp_path / "copy") == before | {"model.py": (KERAS_2.encode(), 0o700)}
    assert (tmp_path / "copy" / "empty").is_dir()
    assert (tmp_path / "copy" / "link").readlink() == Path("run.sh")
    assert not (tmp_path / "state").exists()


def test_a_copy_of_some_files(project: Path, kmigrate_run: Kmigrate, tmp_path: Path) -> None:
    assert kmigrate_run("migrate", "model.py", "plain.py", "--out", "../copy").code == 0
    assert {name: data.decode() for name, (data, _) in snapshot(tmp_path / "copy").items()} == {
        "model.py": KERAS_2,
        "plain.py": "import os\n",
    }


@pytest.mark.parametrize("out", ["inside", ".", "inside/deeper", "../full", "../file"])
def test_a_bad_place_for_the_copy_is_two(project: Path, kmigrate_run: Kmigrate, tmp_path: Path, out: str) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").touch()
    (tmp_path / "file").touch()
    before = snapshot(tmp_path)
    done = kmigrate_run("migrate", ".", "--out", out)
    assert done.code == 2
    assert "--out" in done.err
    assert snapshot(tmp_path) == before


def test_standard_input_goes_to_standard_output(kmigrate_run: Kmigrate) -> None:
    text = KERAS_1.replace("\n", "\r\n").encode() + b"# no end"
    done = kmigrate_run("migrate", "-", stdin=text)
    assert (done.code, done.out) == (0, KERAS_2.replace("\n", "\r\n").encode() + b"# no end")


@pytest.mark.parametrize("text", [b"", b"x = 1\n", b"\xff\0 not python", KERAS_2.encode()])
def test_standard_input_without_work_passes_through(kmigrate_run: Kmigrate, text: bytes) -> None:
    done = kmigrate_run("migrate", "-", stdin=text)
    assert (done.code, done.out, done.err) == (0, text, "")


def test_reviews_of_standard_input_go_to_standard_error(kmigrate_run: Kmigrate) -> None:
    done = kmigrate_run("migrate", "-", "--stdin-filename", "net.py", stdin=BY_HAND.encode())
    assert done.code == 1
    assert "net.py:" in done.err
    assert b"Left to do" not in done.out


def test_a_broken_standard_input_writes_nothing(kmigrate_run: Kmigrate) -> None:
    done = kmigrate_run("migrate", "-", stdin=BROKEN.encode())
    assert (done.code, done.out) == (3, b"")
    assert "<text>:" in done.err


def test_standard_input_is_no_path_among_others(kmigrate_run: Kmigrate) -> None:
    assert kmigrate_run("migrate", "-", "model.py").code == 2
    assert kmigrate_run("migrate", "-", "--out", "../copy").code == 2


@pytest.mark.parametrize("command", ["migrate", "diff"])
def test_a_name_for_standard_input_that_is_not_read_is_two(project: Path, kmigrate_run: Kmigrate, command: str) -> None:
    done = kmigrate_run(command, ".", "--stdin-filename", "x.py", stdin=KERAS_1.encode())
    assert done.code == 2
    assert "--stdin-filename goes with `-`" in done.err
    assert (project / "model.py").read_text() == KERAS_1


def test_the_json_of_a_migration_tells_what_was_written(project: Path, kmigrate_run: Kmigrate) -> None:
    report = json.loads(kmigrate_run("migrate", ".", "--format", "json").out)
    assert [file["path"] for file in report["files"]] == ["model.py", "plain.py", "setup.py"]
    assert [file["outcome"] for file in report["files"]] == ["changed", "not keras", "not keras"]


@pytest.mark.skipif(os.name == "nt", reason="needs a limit of the system")
def test_half_a_file_does_not_stay_in_a_copy(project: Path, tmp_path: Path) -> None:
    """A file may grow to so many bytes, and no more: as on a disk that is full."""

    def limited() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    (project / "big.py").write_text(KERAS_1 + "#" * 30_000)
    (project / "big.txt").write_text("x" * 30_000)
    done = subprocess.run(
        [*COMMAND, "migrate", ".", "--out", str(tmp_path / "out"), "--no-cache"], cwd=project, capture_output=True,
        env=environment(tmp_path / "state"), text=True, preexec_fn=limited,
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert done.stdout.count("the copy could not be made: file too large") == 2
    assert "Files: 1 changed, 2 failed; 2 without Keras" in done.stdout
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["model.py", "plain.py", "setup.py"]


@pytest.mark.skipif(os.name == "nt", reason="needs signals")
@pytest.mark.parametrize("command", [("migrate", "."), ("apply", "plan.json")], ids=["migrate", "apply"])
def test_an_interrupted_report_still_says_what_takes_the_run_back(
    project: Path, kmigrate_run: Kmigrate, tmp_path: Path, command: tuple[str, str]
) -> None:
    (project / "model.py").write_text(KERAS_1 + "layer = Dense(output_dim=3)\n" * 400)
    kmigrate_run("diff", ".", "--output", "plan.json")
    run = subprocess.Popen(
        [*COMMAND, *command, "--format", "json"], cwd=project, env=environment(tmp_path / "state"), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, preexec_fn=interruptible,
    )  # fmt: skip
    assert run.stdout is not None
    assert run.stdout.read(1) == b"{", "the report has begun, and waits for its reader"
    run.send_signal(signal.SIGINT)
    err = run.communicate(timeout=120)[1].decode()
    assert run.returncode == 130
    assert re.search(r"is recorded: `kmigrate undo [-\d]+` takes it back\.\nkmigrate: interrupted\n\Z", err)
    assert kmigrate_run("undo").code == 0


def interruptible() -> None:
    """The tests themselves may run where SIGINT is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
