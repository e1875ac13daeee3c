"""`kmigrate batch`: what is written and what is not, one outcome for everything, and the exit codes."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from batch_place import BROKEN, BY_HAND, COMMAND, KERAS_1, Place
from jsonschema import Draft202012Validator

from kmigrate.batch.forms import json as json_form

REPOSITORIES = Path("repositories")


def rollup(place: Place, *arguments: str | Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(place.batch(REPOSITORIES, "--format", "json", *arguments).out)
    return data


def new(text: str) -> str:
    return text.replace("output_dim", "units")


def test_nothing_is_written_unless_it_is_asked_for(place: Place) -> None:
    before = place.texts()
    done = place.batch(REPOSITORIES)
    assert done.code == 3
    assert place.texts() == before
    assert "3 uses would change" in done.out or "uses would change" in done.out
    assert [line.split("]")[0] for line in done.err.splitlines()] == ["[1/4", "[2/4", "[3/4", "[4/4"]


def test_every_file_and_repository_has_one_outcome_and_failures_come_last(place: Place) -> None:
    data = rollup(place)
    ended = [(repository["name"], repository["ended"]) for repository in data["repositories"]]
    assert ended == [("first", "changed"), ("owner/second", "changed"), ("zero", "not keras"), ("third", "incomplete")]
    files = {
        f"{repository['name']}/{file['path']}": file["outcome"]
        for repository in data["repositories"] for file in repository["files"]
    }  # fmt: skip
    assert files == {
        "first/model.py": "changed", "first/plain.py": "not keras", "owner/second/net.py": "clean",
        "owner/second/train.py": "changed", "third/broken.py": "failed", "third/good.py": "changed",
        "zero/plain.py": "not keras",
    }  # fmt: skip
    assert data["totals"]["repositories"] == {"changed": 2, "incomplete": 1, "not keras": 1}
    assert data["totals"]["accounted"] == data["totals"]["total"] > 0


def test_exit_codes(place: Place) -> None:
    place.write("third/broken.py", "import keras\n")
    assert place.batch(REPOSITORIES).code == 1
    assert place.batch(REPOSITORIES / "zero").code == 2
    (place.folder / "list").write_text("repositories/zero\n")
    assert place.batch("list").code == 0
    (place.folder / "list").write_text("repositories/zero\nrepositories/nope\n")
    done = place.batch("list")
    assert done.code == 3
    assert "nope" in done.out and "is no folder" in done.out
    assert place.batch("missing").code == 2
    assert place.batch(REPOSITORIES, "--to", "7.1").code == 2
    assert place.batch(REPOSITORIES, "--write", "--out", "new").code == 2


def test_files_are_written_and_taken_back(place: Place) -> None:
    before = place.texts()
    assert place.batch(REPOSITORIES, "--write").code == 3
    after = place.texts()
    changed = {"first/model.py", "owner/second/train.py", "third/good.py"}
    assert after == {name: new(text) if name in changed else text for name, text in before.items()}
    done = place.batch(REPOSITORIES, "--write", "--undo")
    assert (done.code, done.out) == (0, "3 files restored, 0 refused.\n")
    assert place.texts() == before
    assert place.batch(REPOSITORIES, "--write", "--undo").code == 2


def test_what_takes_a_batch_back_is_told_at_its_end(place: Place) -> None:
    before = place.texts()
    assert "--undo" not in place.batch(REPOSITORIES).err
    command = place.batch(REPOSITORIES, "--write", "--fresh").err.splitlines()[-1].split("`")[1]
    assert command == "kmigrate batch repositories --write --jobs 2 --undo"
    done = subprocess.run([*COMMAND, *command.split()[2:]], cwd=place.folder, env=place.environment, check=False)
    assert done.returncode == 0
    assert place.texts() == before


def test_undo_takes_back_no_older_run_while_a_batch_stays_written(place: Place) -> None:
    def kmigrate(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [*COMMAND[:-1], *arguments]
        return subprocess.run(command, cwd=place.folder, env=place.environment, capture_output=True, text=True, check=False)

    kmigrate("migrate", "repositories/first/model.py")
    place.batch(REPOSITORIES, "--write")
    after = place.texts()
    done = kmigrate("undo")
    assert done.returncode == 2
    assert "a batch" in done.stderr and "--undo" in done.stderr
    assert place.texts() == after
    place.batch(REPOSITORIES, "--write", "--undo")
    assert kmigrate("undo").returncode == 0
    assert place.texts()["first/model.py"] == KERAS_1.format(1)


def test_copies_leave_the_repositories_alone(place: Place) -> None:
    before = place.texts()
    place.batch(REPOSITORIES, "--out", "new")
    assert place.texts() == before
    copied = {path.relative_to(place.folder / "new").as_posix() for path in (place.folder / "new").rglob("*.py")}
    assert copied == set(before)
    assert (place.folder / "new/owner/second/train.py").read_text() == new(KERAS_1.format(2))
    again = place.batch(REPOSITORIES, "--out", "new")
    assert again.code == 3 and "exists" in again.out


@pytest.mark.parametrize("out", ["repositories/first", "repositories/first/new"])
def test_copies_do_not_go_into_a_repository(place: Place, out: str) -> None:
    (place.folder / "list").write_text("repositories/first\nrepositories/third\nodd\0name\n")
    before = sorted((place.folder / "repositories").rglob("*"))
    done = place.batch("list", "--out", out)
    assert done.code == 2 and "lies inside" in done.err
    assert sorted((place.folder / "repositories").rglob("*")) == before


@pytest.mark.skipif(os.name == "nt", reason="needs a limit of the system")
def test_a_copy_for_which_there_is_no_room_is_none(place: Place) -> None:
    """A file may grow to so many bytes, and no more: as on a disk that is full."""

    def limited() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    place.write("first/big.txt", "x" * 30_000)
    done = subprocess.run(
        [*COMMAND, "repositories", "--out", "new", "--no-cache", "--format", "json"], cwd=place.folder,
        capture_output=True, env=place.environment, text=True, check=False, preexec_fn=limited,
    )  # fmt: skip
    first = json.loads(done.stdout)["repositories"][-1]
    assert (first["name"], first["ended"]) == ("first", "failed") and "file too large" in first["failure"]
    assert [file["outcome"] for file in first["files"]] == ["failed", "not keras"]
    assert sorted(path.name for path in (place.folder / "new").iterdir()) == ["owner", "third", "zero"]
    place.batch(REPOSITORIES, "--out", "new")
    assert (place.folder / "new/first/big.txt").exists()


def test_a_branch_with_a_commit(place: Place) -> None:
    place.commit("first")
    done = place.batch(REPOSITORIES / "first", "--branch", "keras2", "--commit")
    assert done.code == 0, done
    assert place.git("first", "branch", "--show-current") == "keras2\n"
    assert place.git("first", "status", "--porcelain") == ""
    assert place.git("first", "log", "--format=%s", "main..keras2") == "Migrate from Keras 1 to Keras 2\n"
    assert place.git("first", "show", "keras2:model.py") == new(KERAS_1.format(1))
    assert place.git("first", "show", "main:model.py") == KERAS_1.format(1)


@pytest.mark.parametrize("options", [["--commit"], ["--branch", "keras2"]])
def test_files_of_a_submodule_are_left_out_and_told_of(place: Place, options: list[str]) -> None:
    place.write("first/lib/m.py", KERAS_1.format(5))
    place.commit("first/lib")
    place.commit("first")
    done = place.batch(REPOSITORIES / "first", *options)
    assert done.code == 3 and "lib/m.py: it is in `lib`, a git repository of its own" in done.out
    assert place.texts()["first/lib/m.py"] == KERAS_1.format(5)
    assert place.texts()["first/model.py"] == new(KERAS_1.format(1))


def test_a_branch_without_a_commit_and_a_commit_without_a_branch(place: Place) -> None:
    place.commit("first")
    assert place.batch(REPOSITORIES / "first", "--branch", "keras2").code == 0
    assert place.git("first", "status", "--porcelain") == " M model.py\n"
    place.git("first", "checkout", "--quiet", "--force", "main")
    assert place.batch(REPOSITORIES / "first", "--commit").code == 0
    assert place.git("first", "rev-list", "--count", "main") == "2\n"


def test_what_git_could_not_give_back_is_not_written(place: Place) -> None:
    place.commit("first")
    place.write("first/model.py", KERAS_1.format(99))
    for options in (["--write"], ["--commit"]):
        done = place.batch(REPOSITORIES / "first", *options)
        assert done.code == 3 and "not committed" in done.out
        assert place.texts()["first/model.py"] == KERAS_1.format(99)
    assert place.batch(REPOSITORIES / "first", "--write", "--allow-dirty").code == 0
    assert place.texts()["first/model.py"] == new(KERAS_1.format(99))


def test_files_of_a_repository_that_was_not_written_count_as_failed(place: Place) -> None:
    place.commit("first")
    place.write("first/model.py", KERAS_1.format(99))
    written = rollup(place, "--write")
    first = written["repositories"][-1]
    assert {file["path"]: file["outcome"] for file in first["files"]} == {"model.py": "failed", "plain.py": "not keras"}
    assert written["totals"]["files"] == {"changed": 2, "clean": 1, "failed": 2, "not keras": 2}
    place.batch(REPOSITORIES, "--out", "new")
    done = place.batch(REPOSITORIES, "--out", "new")
    assert "\n0 uses changed" in done.out and "changed" not in done.out.split("\nfiles: ")[1].splitlines()[0]
    assert "not written" not in done.out


def test_a_commit_that_a_hook_refuses_leaves_the_old_files(place: Place) -> None:
    place.commit("first")
    refusing_hook(place)
    done = place.batch(REPOSITORIES / "first", "--commit")
    assert done.code == 3
    assert "git failed without a word" in done.out and "a hook of the repository may refuse" in done.out
    assert place.texts()["first/model.py"] == KERAS_1.format(1)
    assert place.git("first", "status", "--porcelain") == ""


def refusing_hook(place: Place) -> None:
    hook = place.folder / "repositories/first/.git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)


def dirty(place: Place) -> None:
    place.write("first/model.py", KERAS_1.format(99))


def staged(place: Place) -> None:
    dirty(place)
    place.git("first", "add", "model.py")


def untracked(place: Place) -> None:
    place.write("first/more.py", KERAS_1.format(99))


def position(place: Place) -> tuple[dict[str, str], str, str]:
    """The files, what git says of them, and where the repository stands."""
    head = (place.folder / "repositories/first/.git/HEAD").read_text()
    return place.texts(), place.git("first", "status", "--porcelain"), head


@pytest.mark.parametrize("trouble", [refusing_hook, dirty, staged, untracked])
@pytest.mark.parametrize("detached", [False, True])
def test_a_repository_that_fails_stays_where_it_was(place: Place, trouble: Callable[[Place], None], detached: bool) -> None:
    place.write("first/hand.py", BY_HAND)
    place.commit("first")
    if detached:
        place.git("first", "checkout", "--quiet", "--detach")
    trouble(place)
    before = position(place)
    done = place.batch(REPOSITORIES / "first", "--branch", "keras2", "--commit", "--emit-helpers")
    assert done.code == 3 and "allow-dirty" not in done.out and "nothing" not in done.out
    assert position(place) == before
    assert place.git("first", "for-each-ref", "--format=%(refname)") == "refs/heads/main\n"


def test_a_repository_without_a_commit_stays_on_its_branch(place: Place) -> None:
    place.git("first", "init", "--quiet", "--initial-branch", "main")
    done = place.batch(REPOSITORIES / "first", "--branch", "keras2", "--commit")
    assert done.code == 3 and "no commit yet" in done.out
    assert place.git("first", "symbolic-ref", "HEAD") == "refs/heads/main\n"


def test_a_branch_that_is_taken_fails_its_repository_only(place: Place) -> None:
    for name in ("first", "third"):
        place.commit(name)
    place.git("first", "branch", "keras2")
    place.git("first", "commit", "--quiet", "--allow-empty", "--message", "more")
    (place.folder / "list").write_text("repositories/first\nrepositories/third\nrepositories/zero\n")
    data = json.loads(place.batch("list", "--branch", "keras2", "--commit", "--format", "json").out)
    assert [(item["name"], item["ended"]) for item in data["repositories"]] == [
        ("zero", "not keras"), ("third", "incomplete"), ("first", "failed"),
    ]  # fmt: skip
    assert "keras2" in data["repositories"][-1]["failure"]
    assert place.git("third", "show", "keras2:good.py") == new(KERAS_1.format(3))


@pytest.mark.parametrize("url", ["file://{}", "{}"])
def test_repositories_are_cloned(place: Place, url: str) -> None:
    place.commit("first")
    bare = place.folder / "net.git"
    subprocess.run(["git", "clone", "--quiet", "--bare", str(place.folder / "repositories/first"), str(bare)], check=True)
    (place.folder / "list").write_text(f"{url.format(bare)}\nfile://{place.folder}/nothing.git\n")
    data = json.loads(place.batch("list", "--format", "json").out)
    assert [(item["name"], item["ended"]) for item in data["repositories"]] == [("net", "changed"), ("nothing", "failed")]
    assert "does not" in data["repositories"][1]["failure"]
    assert [file["path"] for file in data["repositories"][0]["files"]] == ["model.py", "plain.py"]


def test_a_file_belongs_to_the_innermost_repository_only(place: Place) -> None:
    place.write("first/lib/inner.py", KERAS_1.format(5))
    place.write("shell/lib/inner.py", KERAS_1.format(6))
    names = ("first", "first/lib", "shell", "shell/lib")
    (place.folder / "list").write_text("".join(f"repositories/{name}\n" for name in names))
    data = json.loads(place.batch("list", "--format", "json", "--write").out)
    assert {item["name"]: [file["path"] for file in item["files"]] for item in data["repositories"]} == {
        "first": ["model.py", "plain.py"], "lib": ["inner.py"], "shell": [], "lib-2": ["inner.py"],
    }  # fmt: skip
    assert data["totals"]["files"] == {"changed": 3, "not keras": 1}


@pytest.mark.parametrize("line", ["~nosuchuser/x", "odd\0name", "x" * 300])
def test_a_line_that_is_no_path_fails_alone(place: Place, line: str) -> None:
    (place.folder / "list").write_text(f"{line}\nrepositories/first\n")
    data = json.loads(place.batch("list", "--format", "json").out)
    assert [item["ended"] for item in data["repositories"]] == ["changed", "failed"]


@pytest.fixture
def two(place: Place) -> tuple[str, str]:
    """Two repositories of one name, with files of different names, and a list of the first."""
    for owner in ("one", "two"):
        place.write(f"{owner}/proj/{owner}.py", KERAS_1.format(3))
        place.commit(f"{owner}/proj")
    (place.folder / "list").write_text("repositories/one/proj\n")
    return "repositories/one/proj", "repositories/two/proj"


def files(place: Place, *arguments: str) -> list[str]:
    """The files of the first repository of the list."""
    done = json.loads(place.batch("list", "--state", "here", "--format", "json", *arguments).out)
    return [file["path"] for file in done["repositories"][0]["files"]]


def unfinished(place: Place) -> None:
    note = place.folder / "here/batch.json"
    note.write_text(json.dumps(json.loads(note.read_text()) | {"complete": False}))


@pytest.mark.parametrize("prefix", ["", "file://{}/"])
def test_a_record_is_of_a_place_and_not_of_a_name(place: Place, two: tuple[str, str], prefix: str) -> None:
    for where, expected in zip(two, (["one.py"], ["two.py"]), strict=True):
        (place.folder / "list").write_text(prefix.format(place.folder) + where + "\n")
        assert files(place) == expected
        unfinished(place)


def test_a_batch_that_starts_over_sees_what_is_new_at_an_address(place: Place, two: tuple[str, str]) -> None:
    (place.folder / "list").write_text(f"file://{place.folder}/{two[0]}\n")
    files(place)
    place.write("one/proj/more.py", KERAS_1.format(4))
    place.commit("one/proj")
    unfinished(place)
    assert files(place) == ["one.py"]
    assert files(place) == ["more.py", "one.py"]


def test_a_clone_that_was_written_to_is_not_reset(place: Place, two: tuple[str, str]) -> None:
    (place.folder / "list").write_text(f"file://{place.folder}/{two[0]}\n")
    assert files(place, "--write") == ["one.py"]
    assert files(place, "--write") == ["one.py"]
    (written,) = (place.folder / "here/clones").glob("*/proj/one.py")
    assert written.read_text() == new(KERAS_1.format(3))
    place.write("one/proj/more.py", KERAS_1.format(4))
    place.commit("one/proj")
    done = place.batch("list", "--state", "here", "--write")
    assert done.code == 3 and "new commits at its address" in done.out
    assert written.read_text() == new(KERAS_1.format(3))


def test_the_table_has_a_row_for_each_file(place: Place) -> None:
    place.write("zero/=cmd.py", BROKEN)
    rows = list(csv.DictReader(io.StringIO(place.batch(REPOSITORIES, "--format", "csv").out)))
    assert {(row["repository"], row["file"], row["outcome"]) for row in rows} >= {
        ("first", "model.py", "changed"), ("third", "broken.py", "failed"), ("zero", "'=cmd.py", "failed"),
    }  # fmt: skip
    assert len(rows) == 8
    assert rows[-1]["repository_ended"] == "incomplete"


def test_the_json_keeps_to_its_schema(place: Place) -> None:
    schema = json.loads((Path(json_form.__file__).parent / "schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    (place.folder / "more.txt").write_text("repositories/changed\nmissing\n")
    for targets in ((REPOSITORIES,), ("more.txt", "--write")):
        validator.validate(json.loads(place.batch(*targets, "--format", "json").out))
    made = rollup(place)
    made["repositories"][0]["ended"] = "lost"
    assert not validator.is_valid(made)


def test_the_page_tells_all(place: Place) -> None:
    place.write("<b>/broken.py", BROKEN)
    assert place.batch(REPOSITORIES, "--format", "html", "--output", "page.html").code == 3
    page = (place.folder / "page.html").read_text()
    assert "&lt;b&gt;" in page and "<b>/" not in page
    assert "owner/second" in page and "MaxoutDense" in page and "line 2: syntax error" in page
    assert "http" not in page.replace("http-equiv", "")


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text there")
def test_a_name_that_is_no_text_is_recorded_like_any_other(place: Place) -> None:
    folder = place.folder / "repositories" / "odd"
    folder.mkdir()
    path = folder / os.fsdecode(b"net\xff.py")
    path.write_text(KERAS_1.format(3))
    found = json.loads(place.batch("repositories", "--write", "--format", "json").out)
    (record,) = (record for record in found["repositories"] if record["name"] == "odd")
    assert (record["ended"], record["files"][0]["path"]) == ("changed", "net\udcff.py")
    assert "units=3" in path.read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="needs a folder that takes nothing")
def test_a_state_that_cannot_be_kept_is_told_of(place: Place) -> None:
    done = place.batch("repositories", "--write", "--state", "/proc/nothing")
    assert done.code == 3
    assert "error: /proc/nothing: the batch cannot note what is done: no such file or directory" in done.err
    assert "internal" not in done.err


def test_a_finished_batch_starts_over(place: Place) -> None:
    place.batch(REPOSITORIES)
    place.write("first/more.py", KERAS_1.format(5))
    first = rollup(place)["repositories"][0]
    assert "more.py" in {file["path"] for file in first["files"]}


def test_an_unfinished_batch_needs_the_same_options(place: Place) -> None:
    state = place.folder / "here"
    place.batch(REPOSITORIES, "--state", state)
    known = json.loads((state / "batch.json").read_text())
    (state / "batch.json").write_text(json.dumps(known | {"complete": False}))
    done = place.batch(REPOSITORIES, "--state", state, "--unsafe")
    assert done.code == 2 and "settings" in done.err and "--fresh" in done.err
    going_on = place.batch(REPOSITORIES, "--state", state)
    assert "Going on: 4 of 4 repositories are done." in going_on.err
    assert place.batch(REPOSITORIES, "--state", state, "--unsafe", "--fresh").code == 3


def test_helper_layers_are_written_with_the_rest_and_taken_back(place: Place) -> None:
    place.write("first/hand.py", BY_HAND)
    before = place.texts()
    data = rollup(place, "--write", "--emit-helpers")
    first = next(repository for repository in data["repositories"] if repository["name"] == "first")
    assert {file["path"]: file["outcome"] for file in first["files"]} == {
        "hand.py": "changed", "keras1_layers.py": "created", "model.py": "changed", "plain.py": "not keras",
    }  # fmt: skip
    assert "class MaxoutDense" in place.texts()["first/keras1_layers.py"]
    place.batch(REPOSITORIES, "--write", "--emit-helpers", "--undo")
    assert place.texts() == before
