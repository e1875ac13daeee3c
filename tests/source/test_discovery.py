"""Discovery: which files a run takes, what git ignores, which project a file belongs to, and who may speak of Keras."""

import base64
import json
import os
import subprocess
from pathlib import Path

import pytest

from kmigrate.errors import NothingToRead, PathNotFound
from kmigrate.source.discovery import discover, project_root
from kmigrate.source.prefilter import may_speak_keras, mentions


def notebook(source: str | list[str], indent: int | None, picture: str = "") -> bytes:
    """A notebook with one code cell, which shows a picture."""
    shown = [{"data": {"image/png": picture}, "metadata": {}, "output_type": "display_data"}] if picture else []
    cell = {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": shown, "source": source}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=indent).encode()


def tree(root: Path, *names: str, git: bool = False) -> Path:
    """Empty files below a folder."""
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    if git:
        subprocess.run(["git", "init", "-q", str(root)], check=True)
    return root


def names(root: Path, *paths: Path) -> list[str]:
    """What is found, relative to the root."""
    return [found.path.relative_to(root).as_posix() for found in discover(paths or [root])]


def test_a_folder_is_walked_for_python_files(tmp_path: Path) -> None:
    tree(tmp_path, "b.py", "a.py", "a/z.py", "a/y.txt", "a/x.pyc", "c.pyi", "d.ipynb")
    assert names(tmp_path) == ["a/z.py", "a.py", "b.py", "d.ipynb"]


def test_folders_that_hold_no_code_of_the_project_are_skipped(tmp_path: Path) -> None:
    skipped = (".git", ".hg", ".venv", "venv", "node_modules", "__pycache__", ".ropeproject", "lib/site-packages")
    tree(tmp_path, "a.py", "build/b.py", "dist/c.py", *(f"{folder}/no.py" for folder in skipped))
    assert names(tmp_path) == ["a.py", "build/b.py", "dist/c.py"]


def test_a_skipped_folder_that_is_named_is_taken(tmp_path: Path) -> None:
    assert names(tree(tmp_path, "venv/a.py"), tmp_path / "venv") == ["venv/a.py"]


def test_a_named_file_is_taken_whatever_its_ending(tmp_path: Path) -> None:
    assert names(tree(tmp_path, "script"), tmp_path / "script") == ["script"]


def test_files_are_found_once_in_the_order_of_their_paths(tmp_path: Path) -> None:
    tree(tmp_path, "b.py", "a/c.py")
    (tmp_path / "link.py").symlink_to("b.py")
    dotted = tmp_path / "a" / ".." / "b.py"
    assert names(tmp_path, tmp_path / "b.py", tmp_path, dotted, tmp_path / "link.py") == ["a/c.py", "b.py"]


def test_links_on_the_way_are_not_followed(tmp_path: Path) -> None:
    tree(tmp_path, "in/a.py", "out/b.py")
    (tmp_path / "in" / "folder").symlink_to(tmp_path / "out")
    (tmp_path / "in" / "file.py").symlink_to(tmp_path / "out" / "b.py")
    (tmp_path / "in" / "loop").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "dangling.py").symlink_to("nowhere")
    assert names(tmp_path, tmp_path / "in") == ["in/a.py"]
    assert names(tmp_path, tmp_path / "in" / "folder") == ["in/folder/b.py"]


def test_a_dangling_link_that_is_named_has_a_problem(tmp_path: Path) -> None:
    (tmp_path / "dangling.py").symlink_to("nowhere")
    (found,) = discover([tmp_path / "dangling.py"])
    assert found.problem == "the link leads nowhere: nowhere"


def test_a_missing_path_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PathNotFound, match="does not exist"):
        discover([tmp_path / "nope.py"])


def test_a_folder_without_python_is_an_error(tmp_path: Path) -> None:
    tree(tmp_path, "some/readme.txt", "other/a.py")
    with pytest.raises(NothingToRead, match=r"some` holds no Python files"):
        discover([tmp_path / "other", tmp_path / "some"])


def test_a_folder_that_cannot_be_listed_has_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree(tmp_path, "a.py", "closed/b.py")
    listing = os.scandir

    def refusing(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return listing(path)

    monkeypatch.setattr(os, "scandir", refusing)
    assert [found.problem for found in discover([tmp_path])] == [None, "the folder cannot be read: Permission denied"]


def test_git_ignore_files_are_honoured_at_every_level(tmp_path: Path) -> None:
    tree(tmp_path, "a.py", "build/b.py", "old_c.py", "sub/old_d.py", "sub/e.py", "sub/deep/e.py", "f.py", git=True)
    (tmp_path / ".gitignore").write_text("build/\nold_*.py\n/f.py\n")
    (tmp_path / "sub" / ".gitignore").write_text("!old_d.py\n/e.py\n")
    assert names(tmp_path) == ["a.py", "sub/deep/e.py", "sub/old_d.py"]
    assert names(tmp_path, tmp_path / "sub") == ["sub/deep/e.py", "sub/old_d.py"]


def test_we_ignore_what_git_ignores(tmp_path: Path) -> None:
    tree(tmp_path, *(f"{a}/{b}/{c}.py" for a in "xy" for b in "uv" for c in "mn"), git=True)
    (tmp_path / ".gitignore").write_text("x/u/*\n!x/u/m.py\n**/v/n.py\n")
    (tmp_path / "y" / ".gitignore").write_text("u\n!/v/n.py\n")
    (tmp_path / ".git" / "info" / "exclude").write_text("x/v/m.py\n")
    listed = subprocess.run(
        ["git", "ls-files", "--others", "--exclude-standard", "*.py"], cwd=tmp_path, capture_output=True, text=True
    )
    assert names(tmp_path) == sorted(listed.stdout.split())


def test_ignored_files_and_folders_that_are_named_are_taken(tmp_path: Path) -> None:
    tree(tmp_path, "a.py", "build/b.py", git=True)
    (tmp_path / ".gitignore").write_text("build/\na.py\n")
    assert names(tmp_path, tmp_path / "build", tmp_path / "a.py") == ["a.py", "build/b.py"]
    with pytest.raises(NothingToRead):
        discover([tmp_path])


def test_git_ignore_files_mean_nothing_outside_of_git(tmp_path: Path) -> None:
    tree(tmp_path, "a.py")
    (tmp_path / ".gitignore").write_text("*\n")
    assert names(tmp_path) == ["a.py"]


def test_the_rules_of_a_repository_end_where_another_begins(tmp_path: Path) -> None:
    tree(tmp_path, "a.py", git=True)
    tree(tmp_path / "inner", "b.py", git=True)
    (tmp_path / ".gitignore").write_text("b.py\n")
    assert names(tmp_path) == ["a.py", "inner/b.py"]


def test_every_file_knows_its_project(tmp_path: Path) -> None:
    tree(tmp_path, "one/setup.cfg", "one/setup.py", "one/pkg/a.py", "two/pyproject.toml", "two/b.py", "three/c.py")
    tree(tmp_path, "four/sub/pyproject.toml", "four/sub/d.py")
    tree(tmp_path / "four", git=True)
    roots = {found.path.name: found.root.relative_to(tmp_path).as_posix() for found in discover([tmp_path])}
    assert roots == {"setup.py": "one", "a.py": "one", "b.py": "two", "c.py": ".", "d.py": "four"}
    assert project_root(tmp_path / "three") is None


def test_paths_are_shown_from_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree(tmp_path, "here/a.py", "there/b.py")
    monkeypatch.chdir(tmp_path / "here")
    assert [found.shown for found in discover([Path(), Path("../there")])] == ["a.py", str(tmp_path / "there" / "b.py")]


@pytest.mark.parametrize(
    "statement",
    [
        "import net", "import os, net as n", "from net import build", "from pkg.net import build", "from .net import x",
        "from . import (a,  # :)\n    net)", "from pkg import net", "if x: import net", "x = 1; from net import y",
        "from a import \\\n    net", "    from net import x", "import pkg.net", "from .import net", ">>> import net",
        "> from net import x", "In [3]: import net", "execfile('net.py')", "from net \\\n    import x",
        "import os\nfrom net \\\r\n import x", "from . \\\n import net", "import net\nimport os", "from net\timport x",
        "import os\r\nimport net\r\nx = 1", "import os\rimport net\r",
    ],
)  # fmt: skip
def test_a_file_may_speak_of_keras_at_second_hand(statement: str) -> None:
    net, user = Path("/p/pkg/net.py"), Path("/p/pkg/user.py")
    files = {net: mentions(net, b"import keras"), user: mentions(user, statement.encode() + b"\n")}
    assert may_speak_keras(files) == {net, user}


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize(
    "code",
    [
        "import net", "from net import build", "import os\nfrom net import build\nbuild()", "if x:\n    import net",
        "from pkg import (a,  # :)\n    net)", "from pkg import (a,\nnet)",
        "from pkg import a, \\\n    net", "x = '{'\nimport net as n  # why",
        "%run net.py", "x = 1\n%run -i ../net", "%%time\n%run net",
    ],
)  # fmt: skip
def test_so_may_a_notebook(code: str, indent: int | None) -> None:
    net, user = Path("/p/net.py"), Path("/p/user.ipynb")
    for source in (code, code.splitlines(keepends=True)):
        files = {net: mentions(net, b"import keras"), user: mentions(user, notebook(source, indent))}
        assert may_speak_keras(files) == {net, user}


@pytest.mark.parametrize("code", ["import os\nnet = 1", "import a as net", "# import net", "from a import b  # net"])
def test_a_notebook_that_imports_something_else_does_not(code: str) -> None:
    net, user = Path("/p/net.py"), Path("/p/user.ipynb")
    for source in (code, code.splitlines(keepends=True)):
        files = {net: mentions(net, b"import keras"), user: mentions(user, notebook(source, None))}
        assert may_speak_keras(files) == {net}


@pytest.mark.parametrize("first", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\xff\xd8\xff\xe0\0\x10JFIF"])
def test_pictures_in_a_notebook_say_nothing(first: bytes) -> None:
    book = Path("/p/book.ipynb")
    picture = base64.b64encode(first).decode().rstrip("=") + "AAAA" * 50
    assert not mentions(book, notebook("1", 1, picture + "keras==")).keras
    for data in (notebook("import keras", 1, picture), notebook(f"x = '{picture}'\nimport keras", None, picture)):
        assert mentions(book, data).keras
    cut = notebook("1", 1, picture).partition(b"AAAA")[0] + b"keras"
    assert mentions(book, cut).keras


def test_a_long_comment_in_an_import_is_quickly_read() -> None:
    user = Path("/p/user.py")
    assert "a" in mentions(user, b"from a import (" + b"#" * 3000).imports


@pytest.mark.parametrize(
    "statement", ["import network", "net = 1", "# import net", "from a import b as net", "import a"]
)
def test_a_file_that_imports_something_else_does_not(statement: str) -> None:
    net, user = Path("/p/net.py"), Path("/p/user.py")
    files = {net: mentions(net, b"import keras"), user: mentions(user, statement.encode())}
    assert may_speak_keras(files) == {net}


def test_hearsay_goes_through_packages_and_files() -> None:
    texts = {
        "pkg/__init__.py": "from keras import models",
        "a.py": "import pkg",
        "b.py": "import a",
        "c.py": "import d",
    }
    seen = {Path("/p") / name: mentions(Path("/p") / name, text.encode()) for name, text in texts.items()}
    assert {path.name for path in may_speak_keras(seen)} == {"__init__.py", "a.py", "b.py"}


def test_a_relative_import_reaches_the_package_itself() -> None:
    texts = {"pkg/__init__.py": "from keras import models", "pkg/a.py": "from . import models"}
    seen = {Path("/p") / name: mentions(Path("/p") / name, text.encode()) for name, text in texts.items()}
    assert len(may_speak_keras(seen)) == 2
