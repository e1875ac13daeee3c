"""Does the wheel hold all that a run needs, and does it run without the checkout?"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built without a network."""
    pytest.importorskip("hatchling", reason="hatchling builds the wheel: install the dependency group dev")
    pytest.importorskip("pip", reason="pip builds the wheel: this environment has none")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps",
               "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]  # fmt: skip
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    (found,) = folder.glob("kmigrate-*.whl")
    return found


@pytest.fixture(scope="module")
def contents(wheel: Path) -> frozenset[str]:
    """The paths in the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return frozenset(archive.namelist())


def below(folder: str, pattern: str, skip: str = "\0") -> set[str]:
    """The files of the checkout below a folder that match."""
    return {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob(pattern) if skip not in path.as_posix()}


def test_every_rule_is_in_the_wheel(contents: frozenset[str]) -> None:
    rules = below("rules", "*.yaml")
    assert len(rules) > 50
    assert {f"kmigrate/{rule}" for rule in rules} <= contents
    assert "kmigrate/rules/schema.json" in contents


@pytest.mark.parametrize(
    ("folder", "pattern"),
    [
        ("kmigrate/keras/data", "*.json"),
        ("kmigrate/keras/stubs", "*.py"),
        ("kmigrate/report/templates", "*.j2"),
        ("kmigrate", "py.typed"),
    ],
)
def test_data_is_in_the_wheel(contents: frozenset[str], folder: str, pattern: str) -> None:
    files = below(folder, pattern)
    assert files
    assert files <= contents


def test_every_module_of_the_product_is_in_the_wheel(contents: frozenset[str]) -> None:
    assert below("kmigrate", "*.py", skip="kmigrate/keras/generate") <= contents


def test_the_wheel_holds_nothing_else(contents: frozenset[str]) -> None:
    assert {name.partition("/")[0].partition("-")[0] for name in contents} == {"kmigrate"}
    assert not [name for name in contents if "__pycache__" in name or name.startswith("kmigrate/keras/generate")]


def test_the_metadata_names_the_command_and_the_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        metadata = message_from_bytes(archive.read("kmigrate-0.1.0.dist-info/METADATA"))
        entry_points = archive.read("kmigrate-0.1.0.dist-info/entry_points.txt").decode()
        assert "kmigrate-0.1.0.dist-info/licenses/LICENSE" in archive.namelist()
    assert metadata["Requires-Python"] == ">=3.10"
    assert metadata["License-Expression"] == "MIT"
    needed = " ".join(metadata.get_all("Requires-Dist", [])).lower()
    assert not any(name in needed for name in ("tensorflow", "theano", "numpy", "libcst"))
    assert "kmigrate = kmigrate.cli:main" in entry_points


def test_the_sdist_holds_all_that_the_tests_need(tmp_path: Path) -> None:
    pytest.importorskip("hatchling", reason="hatchling builds the sdist: install the dependency group dev")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "sdist", "--directory", str(tmp_path)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    (found,) = tmp_path.glob("kmigrate-*.tar.gz")
    with tarfile.open(found) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    for folder in ("rules", "tests", "samples", "benchmarks", "kmigrate/keras/generate"):
        assert below(folder, "*.py") | below(folder, "*.yaml") <= names
    assert {"pyproject.toml", "README.md", "LICENSE", "Makefile"} <= names


def test_the_wheel_runs_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    program = (
        "import kmigrate, sys; from kmigrate.cli import main\n"
        f"assert kmigrate.__file__.startswith({str(tmp_path)!r}), kmigrate.__file__\n"
        "sys.exit(main(['diff', 'model.py']))"
    )
    (tmp_path / "model.py").write_text("from keras.layers import Dense\nlayer = Dense(output_dim=3)\n")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site"), "NO_COLOR": "1"}
    shown = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert shown.returncode == 1, shown.stderr
    assert "Dense(units=3)" in shown.stdout
