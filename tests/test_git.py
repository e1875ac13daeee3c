"""What is asked of git: which files it could not give back, which changed since a revision."""

import os
import re
from pathlib import Path

import pytest
from git_repository import Repository

from kmigrate import git
from kmigrate.errors import GitFailed, InvalidSetting


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "repository")
    made.commit(a="a = 1\n", b="b = 1\n", c="c = 1\n", d="d = 1\n")
    return made


def names(paths: object) -> list[str]:
    return sorted(Path(path).name for path in paths)  # type: ignore[attr-defined]


def test_files_that_git_could_not_give_back(repository: Repository) -> None:
    top = repository.top
    (top / ".gitignore").write_text("ignored.py\n")
    (top / "a.py").write_text("a = 2\n")
    (top / "b.py").write_text("b = 2\n")
    repository.git("add", "b.py")
    (top / "new folder").mkdir()
    for name in ("ignored.py", "new folder/néw.py"):
        (top / name).write_text("x = 1\n")
    os.utime(top / "c.py", (0, 0))  # touched, not changed
    found = git.uncommitted([*top.rglob("*.py"), top / "gone.py"])
    assert {path.name: why for path, why in found.items()} == {
        "a.py": git.CHANGED, "b.py": git.CHANGED, "néw.py": git.UNTRACKED,
    }  # fmt: skip


def test_a_link_counts_as_the_file_it_leads_to(repository: Repository, tmp_path: Path) -> None:
    (repository.top / "a.py").write_text("a = 2\n")
    (tmp_path / "link").symlink_to(repository.top)
    assert names(git.uncommitted([tmp_path / "link" / "a.py", tmp_path / "link" / "b.py"])) == ["a.py"]


def test_outside_of_git_all_is_clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").write_text("a = 1\n")
    monkeypatch.setenv("PATH", "")  # and git need not be there
    assert git.uncommitted([tmp_path / "a.py"]) == {}
    assert git.work_tree(tmp_path) is None


def test_a_folder_called_git_makes_no_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert git.uncommitted([tmp_path / "a.py"]) == {}


def test_git_that_is_missing_is_told(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(GitFailed, match=r"git cannot be run: no such file or directory \(install git; --allow-dirty"):
        git.uncommitted([repository.top / "a.py"])


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files to others")
def test_a_repository_of_somebody_else_can_be_trusted(repository: Repository) -> None:
    for path in (repository.top, repository.top / ".git"):
        os.chown(path, 4321, 4321)
    trust = f"git config --global --add safe.directory {repository.top}"
    with pytest.raises(GitFailed, match=f"dubious ownership.*`{re.escape(trust)}` trusts it"):
        git.uncommitted([repository.top / "a.py"])


def test_a_broken_repository_is_told(repository: Repository) -> None:
    (repository.top / ".git" / "index").write_bytes(b"nonsense")
    with pytest.raises(GitFailed, match="git says: "):
        git.uncommitted([repository.top / "a.py"])


def test_a_hook_that_runs_now_does_not_lead_astray(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")
    (repository.top / "a.py").write_text("a = 2\n")
    assert names(git.uncommitted([repository.top / "a.py"])) == ["a.py"]


def test_asking_runs_nothing_of_the_repository(repository: Repository, tmp_path: Path) -> None:
    marker = tmp_path / "it-ran"
    spy = tmp_path / "spy.sh"
    spy.write_text(f"#!/bin/sh\ntouch {marker}\n")
    spy.chmod(0o755)
    repository.git("config", "core.fsmonitor", str(spy))
    for hook in ("post-index-change", "fsmonitor-watchman", "post-checkout"):
        place = repository.top / ".git" / "hooks" / hook
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(spy.read_bytes())
        place.chmod(0o755)
    os.utime(repository.top / "a.py", (0, 0))
    git.uncommitted([repository.top / "a.py"])
    git.changed_since(repository.top, "HEAD")
    assert not marker.exists()
    repository.git("status")
    assert marker.exists(), "the trap would not have worked"


def test_changed_since_a_revision(repository: Repository) -> None:
    top = repository.top
    repository.commit("second", b="b = 2\n")
    (top / "c.py").write_text("c = 2\n")
    (top / "new.py").write_text("n = 1\n")
    (top / "d.py").unlink()
    assert names(git.changed_since(top, "HEAD")) == ["c.py", "d.py", "new.py"]
    assert names(git.changed_since(top, "HEAD~1")) == ["b.py", "c.py", "d.py", "new.py"]


def test_changed_since_the_branch_was_left(repository: Repository) -> None:
    repository.git("checkout", "--quiet", "-b", "work")
    repository.commit("mine", b="b = 2\n")
    repository.git("checkout", "--quiet", "main")
    repository.commit("theirs", a="a = 2\n")
    repository.git("checkout", "--quiet", "work")
    assert names(git.changed_since(repository.top, "main")) == ["b.py"]


def test_unknown_revisions_and_options_in_disguise_are_refused(repository: Repository) -> None:
    for revision in ("nope", "--all", "", "HEAD:a.py"):
        with pytest.raises(InvalidSetting, match="git knows no revision"):
            git.changed_since(repository.top, revision)


def test_since_needs_a_work_tree(tmp_path: Path) -> None:
    with pytest.raises(GitFailed, match="is in no git work tree"):
        git.changed_since(tmp_path, "HEAD")
