"""`migrate` in a git work tree: dirty files are not written, `--since` narrows, `--commit-per-rule` commits."""

import ast
import json
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
from cli_project import BY_HAND, COMMAND, KERAS_1, KERAS_2, Kmigrate, environment
from git_repository import Repository

from kmigrate.resolve.world import World
from kmigrate.source.text import Source
from kmigrate.verify.names import unbound

ROOT = Path(__file__).parents[2]
TWO_RULES = f"from keras.models import Sequential\n{KERAS_1}Sequential([layer]).fit(x, y, nb_epoch=2)\n"


@pytest.fixture
def repository(project: Path) -> Repository:
    made = Repository(project)
    made.commit("first", other=KERAS_1)
    return made


def test_a_dirty_file_is_not_written_and_the_others_are(repository: Repository, kmigrate_run: Kmigrate) -> None:
    (repository.top / "model.py").write_text(KERAS_1 + "# mine\n")
    (repository.top / "new.py").write_text(KERAS_1)
    done = kmigrate_run("migrate", ".")
    assert done.code == 3
    assert "model.py\n    the file has changes that are not committed\n" in done.text
    assert "new.py\n    git does not know the file yet\n" in done.text
    assert "--allow-dirty" in done.text
    assert (repository.top / "model.py").read_text() == KERAS_1 + "# mine\n"
    assert (repository.top / "new.py").read_text() == KERAS_1
    assert (repository.top / "other.py").read_text() == KERAS_2
    allowed = kmigrate_run("migrate", ".", "--allow-dirty")
    assert allowed.code == 0
    assert (repository.top / "model.py").read_text() == KERAS_2 + "# mine\n"


def test_dirty_files_without_a_change_do_not_matter(repository: Repository, kmigrate_run: Kmigrate) -> None:
    (repository.top / "plain.py").write_text("import sys\n")
    assert kmigrate_run("migrate", ".").code == 0


def test_a_file_that_git_ignores_is_written(repository: Repository, kmigrate_run: Kmigrate) -> None:
    (repository.top / ".gitignore").write_text("scratch.py\n")
    (repository.top / "scratch.py").write_text(KERAS_1)
    assert kmigrate_run("migrate", "scratch.py").code == 0
    assert (repository.top / "scratch.py").read_text() == KERAS_2


def test_copies_and_standard_output_need_no_clean_tree(repository: Repository, kmigrate_run: Kmigrate) -> None:
    (repository.top / "model.py").write_text(TWO_RULES)
    assert kmigrate_run("migrate", ".", "--out", "../copy").code == 0
    assert (repository.top.parent / "copy" / "other.py").read_text() == KERAS_2
    assert kmigrate_run("migrate", "-", "--stdin-filename", "model.py", stdin=KERAS_1.encode()).out == KERAS_2.encode()


def test_since_narrows_every_command(repository: Repository, kmigrate_run: Kmigrate) -> None:
    (repository.top / "model.py").write_text(KERAS_1 + "# mine\n")
    for command in ("diff", "scan"):
        done = kmigrate_run(command, ".", "--since", "HEAD")
        assert done.code == 1, done.err
        assert "model.py" in done.text
        assert "other.py" not in done.text
    assert kmigrate_run("migrate", ".", "--since", "HEAD", "--allow-dirty").code == 0
    assert (repository.top / "other.py").read_text() == KERAS_1
    assert (repository.top / "model.py").read_text() == KERAS_2 + "# mine\n"


def test_since_reads_the_rest_of_the_project(repository: Repository, kmigrate_run: Kmigrate) -> None:
    repository.commit("helper", build="from keras.layers import Dense\nmake = Dense\n")
    (repository.top / "use.py").write_text("from build import make\nmake(output_dim=3)\n")
    assert "+make(units=3)" in kmigrate_run("diff", ".", "--since", "HEAD").text


def test_since_without_a_change_has_nothing_to_do(repository: Repository, kmigrate_run: Kmigrate) -> None:
    done = kmigrate_run("diff", ".", "--since", "HEAD")
    assert (done.code, done.err) == (0, "No file changed since HEAD.\n")


def test_a_revision_that_a_shallow_clone_lacks(repository: Repository, kmigrate_run: Kmigrate, tmp_path: Path) -> None:
    repository.commit("second", model=KERAS_2)
    repository.git("clone", "--quiet", "--depth", "1", repository.top.as_uri(), str(tmp_path / "shallow"))
    done = kmigrate_run("diff", str(tmp_path / "shallow"), "--since", "HEAD~1")
    assert done.code == 2
    assert "git knows no revision `HEAD~1`" in done.err and "`fetch-depth: 0`" in done.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["diff", ".", "--since", "nope"], "git knows no revision `nope`"),
        (["diff", "-", "--since", "HEAD"], "--since goes with files and folders"),
        (["migrate", ".", "--commit-per-rule", "--allow-dirty"], "--allow-dirty does not go with --commit-per-rule"),
        (["migrate", ".", "--commit-per-rule", "--out", "x"], "--out does not go with --commit-per-rule"),
        (["migrate", "-", "--commit-per-rule"], "--commit-per-rule does not go with `-`"),
    ],
)
def test_what_does_not_fit_is_two(
    repository: Repository, kmigrate_run: Kmigrate, arguments: list[str], said: str
) -> None:
    done = kmigrate_run(*arguments)
    assert done.code == 2
    assert said in done.err
    assert len(done.err.splitlines()) == 1
    assert repository.status == ""


def test_since_outside_of_git_is_two(kmigrate_run: Kmigrate) -> None:
    done = kmigrate_run("diff", ".", "--since", "HEAD")
    assert done.code == 2
    assert "is in no git work tree" in done.err


def test_one_commit_for_each_rule(repository: Repository, kmigrate_run: Kmigrate) -> None:
    shutil.copytree(ROOT / "samples", repository.top / "samples")
    repository.commit("samples")
    rules = json.loads(kmigrate_run("diff", "samples", "--format", "json").out)["summary"]["rules"]
    fired = sorted(rule["rule"] for rule in rules if rule["changed"])
    done = kmigrate_run("migrate", "samples", "--commit-per-rule")
    assert done.code == 0, done.err
    assert repository.status == ""
    *about, rest = [subject.partition(":")[0] for subject in repository.subjects[2:]]
    assert rest == "Finish the migration to Keras 2"
    with_it = re.findall(r"^- (KM\d+): ", repository.git("log", "--format=%B"), re.MULTILINE)
    assert about == sorted(set(about))
    named = {*about, *with_it}
    assert named <= set(fired)
    assert len(named) >= 0.9 * len(fired), "a few write what an earlier rule has written"
    assert len(about) >= 0.7 * len(fired)
    for path in (ROOT / "tests" / "samples").rglob("*.py"):
        migrated = repository.top / "samples" / path.relative_to(ROOT / "tests" / "samples")
        assert migrated.read_bytes() == path.read_bytes()
    message = repository.git("log", "-1", "--format=%B", "--grep=^KM523")
    assert message.startswith("KM523: visualize_util.plot became keras.utils.plot_model\n\nKeras 2 renamed the function")
    assert "\nFiles:\n- samples/image_classifier/train.py\n" in message
    assert all(len(line) <= 72 for line in repository.git("log", "--format=%B").splitlines())


def test_a_line_feed_in_the_name_of_a_file_breaks_no_line_of_a_message(repository: Repository, kmigrate_run: Kmigrate) -> None:
    (repository.top / "new\nline.py").write_text("from keras.layers import Dense\n\nlayer = Dense(output_dim=3)\n")
    repository.commit("odd")
    kmigrate_run("migrate", "new\nline.py", "--commit-per-rule")
    assert "\nFiles:\n- new␊line.py\n" in repository.git("log", "-1", "--format=%B")


def test_each_commit_compiles_and_is_bound(repository: Repository, kmigrate_run: Kmigrate) -> None:
    shutil.copytree(ROOT / "samples", repository.top / "samples")
    repository.commit("samples")
    assert kmigrate_run("migrate", "samples", "--commit-per-rule").code == 0
    commits = repository.git("rev-list", "--reverse", "main").split()
    assert len(commits) > 20
    for commit in commits:
        repository.git("checkout", "--quiet", commit)
        for path in (repository.top / "samples").rglob("*.py"):
            source = Source.from_bytes(path.read_bytes(), str(path))
            ast.parse(source.text)
            world = World(repository.top / "samples", ("2.2.4",))
            assert not unbound(world.open(source)), (commit, path)


def test_a_commit_can_be_taken_back(repository: Repository, kmigrate_run: Kmigrate) -> None:
    done = kmigrate_run("migrate", ".", "--commit-per-rule")
    command = done.err.split("`")[1].split()
    assert command[:2] == ["git", "-C"]
    repository.git(*command[3:])
    assert (repository.top / "model.py").read_text() == KERAS_1
    assert repository.subjects == ["first"]


def test_commits_hold_nothing_else(repository: Repository, kmigrate_run: Kmigrate) -> None:
    (repository.top / "plain.py").write_text("staged = 1\n")
    repository.git("add", "plain.py")
    (repository.top / "notes.txt").write_text("mine\n")
    assert kmigrate_run("migrate", ".", "--commit-per-rule").code == 0
    assert repository.git("show", "--name-only", "--format=", "HEAD").split() == ["model.py", "other.py"]
    assert repository.status == "M  plain.py\n?? notes.txt\n"


def test_dirty_files_are_not_committed(repository: Repository, kmigrate_run: Kmigrate) -> None:
    (repository.top / "model.py").write_text(KERAS_1 + "# mine\n")
    done = kmigrate_run("migrate", ".", "--commit-per-rule")
    assert done.code == 2
    assert "model.py: --commit-per-rule: the file has changes that are not committed" in done.err
    assert (repository.top / "other.py").read_text() == KERAS_1
    assert repository.subjects == ["first"]


def test_commits_need_git(project: Path, kmigrate_run: Kmigrate) -> None:
    done = kmigrate_run("migrate", ".", "--commit-per-rule")
    assert done.code == 2
    assert "the file is in no git work tree" in done.err
    assert (project / "model.py").read_text() == KERAS_1


def test_commits_need_an_author(repository: Repository, kmigrate_run: Kmigrate) -> None:
    repository.git("config", "user.useConfigOnly", "true")
    repository.git("config", "--unset", "user.email")
    nobody = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", "EMAIL": ""}
    done = kmigrate_run("migrate", ".", "--commit-per-rule", env=nobody)
    assert done.code == 2
    assert "git says: " in done.err and "`git config user.name`" in done.err
    assert repository.status == ""


def _hook(repository: Repository, epochs: str) -> None:
    """Have git run this where the message of a commit speaks of nb_epoch."""
    hook = repository.top / ".git" / "hooks" / "commit-msg"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f'#!/bin/sh\nif grep -q nb_epoch "$1"; then {epochs}; fi\n')
    hook.chmod(0o755)


def test_a_hook_that_refuses_leaves_a_clean_tree(repository: Repository, kmigrate_run: Kmigrate) -> None:
    repository.commit("two rules", model=TWO_RULES)
    _hook(repository, 'echo "error: no epochs here" >&2; exit 1')
    done = kmigrate_run("migrate", ".", "--commit-per-rule")
    assert done.code == 3, "a commit was made"
    assert "no epochs here" in done.err
    assert "its files are as before; 1 commit made before stays" in done.err
    assert repository.status == ""
    assert len(repository.subjects) == 3
    assert "units=3" in (repository.top / "model.py").read_text()
    assert "nb_epoch" in (repository.top / "model.py").read_text()


@pytest.mark.skipif(os.name == "nt", reason="needs a shell and its signals")
def test_an_interrupt_leaves_a_clean_tree(repository: Repository, tmp_path: Path) -> None:
    repository.commit("two rules", model=TWO_RULES)
    _hook(repository, "kill -INT 0; sleep 9")
    done = subprocess.run(
        [*COMMAND, "migrate", ".", "--commit-per-rule"], cwd=repository.top, env=environment(tmp_path / "state"),
        capture_output=True, text=True, start_new_session=True, preexec_fn=interruptible, timeout=120,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (130, "kmigrate: interrupted: 1 commit made before stays\n")
    assert repository.status == ""
    assert len(repository.subjects) == 3


def interruptible() -> None:
    """The tests themselves may run where SIGINT is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_reviews_left_are_one_after_commits_too(repository: Repository, kmigrate_run: Kmigrate) -> None:
    repository.commit("hand", hand=BY_HAND)
    assert kmigrate_run("migrate", ".", "--commit-per-rule").code == 1
    assert repository.status == ""
