"""Which repositories the targets of a batch name."""

from pathlib import Path

import pytest

from kmigrate.batch.repositories import Repository, find, left_out
from kmigrate.errors import InvalidSetting, NothingToRead, PathNotFound


def folders(top: Path, *names: str) -> Path:
    for name in names:
        (top / name).mkdir(parents=True)
    return top


def test_the_folders_of_a_folder_are_repositories(tmp_path: Path) -> None:
    folders(tmp_path, "b/.git", "a/src", ".hidden", "node_modules/x")
    (tmp_path / "file.py").write_text("")
    assert find([tmp_path]) == (Repository("a", tmp_path / "a"), Repository("b", tmp_path / "b"))


def test_owners_hold_repositories(tmp_path: Path) -> None:
    folders(tmp_path, "owner/one/.git", "owner/two/.git", "owner/notes", "plain/src/.x")
    assert [repository.name for repository in find([tmp_path])] == ["owner/one", "owner/two", "plain"]


def test_a_repository_is_one_repository(tmp_path: Path) -> None:
    folders(tmp_path, "one/.git", "one/src", "one/tests")
    assert find([tmp_path / "one"]) == (Repository("one", tmp_path / "one"),)


def test_a_repository_knows_those_of_the_batch_that_lie_in_it(tmp_path: Path) -> None:
    folders(tmp_path, "outer/lib/inner", "other")
    (tmp_path / "link").symlink_to("outer")
    (tmp_path / "repos.txt").write_text("link\nouter/lib/inner\nother\nhttps://example.org/x.git\n")
    assert [repository.inner for repository in find([tmp_path / "repos.txt"])] == [(Path("lib/inner"),), (), (), ()]


def test_a_list_names_paths_and_urls(tmp_path: Path) -> None:
    folders(tmp_path, "one", "deep/one", "bare.git/objects")
    (tmp_path / "bare.git" / "HEAD").write_text("ref: refs/heads/main\n")
    lines = ["# ours", "one", "", "deep/one  # the other", "https://example.org/owner/net.git", "git@example.org:o/x.git",
             "bare.git", "missing", str(tmp_path / "one")]  # fmt: skip
    (tmp_path / "repos.txt").write_text("\n".join(lines))
    assert find([tmp_path / "repos.txt"]) == (
        Repository("one", tmp_path / "one"),
        Repository("one-2", tmp_path / "deep" / "one"),
        Repository("net", None, "https://example.org/owner/net.git"),
        Repository("x", None, "git@example.org:o/x.git"),
        Repository("bare", None, str(tmp_path / "bare.git")),
        Repository("missing", tmp_path / "missing"),
    )


def test_a_list_may_begin_with_a_byte_order_mark_and_end_its_lines_as_windows_does(tmp_path: Path) -> None:
    (tmp_path / "repos.txt").write_bytes(b"\xef\xbb\xbfone\r\ntwo\r\n")
    assert [repository.path for repository in find([tmp_path / "repos.txt"])] == [tmp_path / "one", tmp_path / "two"]


def test_links_that_lead_to_themselves_are_no_folders(tmp_path: Path) -> None:
    folders(tmp_path, "one/src")
    for place in (tmp_path, tmp_path / "one"):
        (place / "round").symlink_to("round")
    assert find([tmp_path]) == (Repository("one", tmp_path / "one"),)


def test_files_beside_the_repositories_are_told_of(tmp_path: Path) -> None:
    folders(tmp_path, "one", "two/.git")
    (tmp_path / "two" / "a.py").write_text("")
    assert list(left_out([tmp_path, tmp_path / "two"])) == []
    (tmp_path / "a.py").write_text("")
    assert list(left_out([tmp_path])) == [f"1 file belongs to no repository, directly in `{tmp_path}`, and will not be looked at"]


def test_what_names_no_repository_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PathNotFound):
        find([tmp_path / "nope"])
    with pytest.raises(NothingToRead):
        find([tmp_path])
    (tmp_path / "binary").write_bytes(b"\xff\xfe\0")
    with pytest.raises(InvalidSetting, match="no list of repositories"):
        find([tmp_path / "binary"])
