"""Does the finder name the file that Python itself imports?"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kmigrate.resolve.finder import Finder, is_folder, parent

FILES = (
    "main.py", "layers.py", "email.py", "pkg/__init__.py", "pkg/net.py", "pkg/layers.py", "pkg/inner/__init__.py",
    "pkg/inner/deep.py", "plain/one.py", "both.py", "plain/both/two.py",
)  # fmt: skip
ASK = """
import importlib, json, sys
sys.path[0] = sys.argv[1]
name, package = sys.argv[2:]
try:
    module = importlib.import_module(name, package or None)
    print(json.dumps(module.__file__ or list(module.__path__)[0]))
except ImportError:
    print("null")
"""


@pytest.fixture(scope="module")
def top(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project")
    for name in FILES:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    return root


def of_python(top: Path, name: str, package: str = "") -> str | None:
    """The key of what Python imports; its own files, which are none of the project, are None."""
    answer = subprocess.run([sys.executable, "-c", ASK, str(top), name, package], capture_output=True, text=True, check=True)
    found = json.loads(answer.stdout)
    inside = found is not None and Path(found).is_relative_to(top)
    return Path(found).relative_to(top).as_posix() if inside else None


@pytest.mark.parametrize(
    "name", ["layers", "pkg", "pkg.net", "pkg.inner", "pkg.inner.deep", "plain", "plain.one", "both", "absent", "pkg.absent"]
)
def test_absolute_imports_of_a_module_of_the_top(top: Path, name: str) -> None:
    assert Finder(top).absolute(name, "") == of_python(top, name)


@pytest.mark.parametrize(
    ("name", "folder", "level"),
    [
        ("net", "pkg", 1), ("inner", "pkg", 1), ("inner.deep", "pkg", 1), ("net", "pkg/inner", 2), ("", "pkg/inner", 2),
        ("", "pkg", 1), ("absent", "pkg", 1), ("deep", "pkg/inner", 1),
    ],
)  # fmt: skip
def test_relative_imports(top: Path, name: str, folder: str, level: int) -> None:
    assert Finder(top).relative(name, folder, level) == of_python(top, "." * level + name, folder.replace("/", "."))


def test_nothing_lies_above_the_top(top: Path) -> None:
    assert Finder(top).relative("layers", "pkg", 3) is None


def test_the_folder_of_the_importer_comes_first_as_in_python_2_and_in_scripts(top: Path) -> None:
    assert Finder(top).absolute("layers", "pkg") == "pkg/layers.py"
    assert Finder(top).absolute("layers", "pkg/inner") == "pkg/layers.py"
    assert Finder(top).absolute("main", "pkg/inner") == "main.py"


def test_a_file_with_the_name_of_a_standard_module_is_not_taken_for_it(top: Path) -> None:
    assert Finder(top).absolute("email", "") is None


def test_links_count_as_what_they_lead_to_and_other_folders_as_none(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "net.py").write_text("")
    (tmp_path / "linked").symlink_to("real")
    (tmp_path / "model.py").symlink_to("real/net.py")
    (tmp_path / "lost.py").symlink_to("nowhere.py")
    (tmp_path / "folder.py").mkdir()
    finder = Finder(tmp_path)
    assert finder.absolute("linked.net", "") == "linked/net.py"
    assert finder.absolute("model", "") == "model.py"
    assert finder.absolute("lost", "") is None
    assert finder.absolute("folder", "") is None
    assert finder.absolute("model.net", "") is None


def test_keys_tell_files_from_folders() -> None:
    assert is_folder("plain")
    assert not is_folder("pkg/__init__.py")
    assert parent("pkg/inner/deep.py") == "pkg/inner"
    assert parent("main.py") == ""
