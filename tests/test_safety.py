"""Is code of the repository under migration ever run, unpickled or written to?"""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import kmigrate
from kmigrate.cli import main
from kmigrate.config import Settings

ROOT = Path(__file__).parents[1]
MODEL = """\
import helpers
from helpers import build
from package import thing
from package.deep import *
from keras.models import Sequential
from keras.layers import Dense

model = Sequential()
model.add(Dense(output_dim=3, input_dim=4))
build(model).fit(x, y, nb_epoch=2)
"""
HELPERS = """\
from keras.layers import Dense


def build(model):
    model.add(Dense(output_dim=1))
    return model
"""


class Bomb:
    """Writes the marker when it is unpickled."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f"echo unpickled > {self.marker}",)


@pytest.fixture(autouse=True)
def _own_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    """A file that exists as soon as some code of the repository has run."""
    return tmp_path / "it-ran"


@pytest.fixture
def repository(tmp_path: Path, marker: Path) -> Path:
    """A repository in which every file that a tool might run, does."""
    top = tmp_path / "repository"
    (top / "package").mkdir(parents=True)
    (top / ".ropeproject").mkdir()
    evil = f"open({str(marker)!r}, 'a').write(__file__ if '__file__' in globals() else 'exec')\n"
    for name in ("setup.py", "conftest.py", "sitecustomize.py", "usercustomize.py", "manage.py"):
        (top / name).write_text(evil + "import keras\n")
    for name in ("numpy.py", "yaml.py", "typing.py", "rope.py", "keras.py"):
        (top / name).write_text(evil)
    (top / "package" / "__init__.py").write_text(evil + "thing = 1\n")
    (top / "package" / "deep.py").write_text(evil + HELPERS)
    (top / "helpers.py").write_text(evil + HELPERS)
    (top / "model.py").write_text(MODEL)
    (top / ".ropeproject" / "config.py").write_text(
        evil + f"def set_prefs(prefs):\n    {evil}\ndef project_opened(project):\n    {evil}"
    )
    for name in ("history", "objectdb", "globalnames", "autoimport.pickle"):
        (top / ".ropeproject" / name).write_bytes(pickle.dumps(Bomb(marker)))
    (top / "pyproject.toml").write_text(
        "[tool.rope]\nextension_modules = ['package']\n[tool.kmigrate]\nrules = ['evil']\n"
    )
    (top / "evil").mkdir()
    (top / "evil" / "__init__.py").write_text(evil)
    shutil.copy(ROOT / "rules" / "layers" / "gaussian-noise.yaml", top / "evil")
    (top / "setup.cfg").write_text("[tool:pytest]\npython_files = *.py\n")
    return top


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_traps_work(repository: Path, marker: Path) -> None:
    with (repository / ".ropeproject" / "history").open("rb") as stream:
        pickle.load(stream)
    assert marker.exists()


def test_the_library_runs_nothing_and_writes_nothing(repository: Path, marker: Path) -> None:
    before = snapshot(repository)
    results = kmigrate.scan(repository, settings=Settings(unsafe=True))
    assert "Dense(units=3, input_dim=4)" in next(r.after for r in results if r.path and r.path.endswith("model.py"))
    assert not [result.failure for result in results if result.failure]
    assert not marker.exists()
    assert snapshot(repository) == before


def test_a_buffer_runs_nothing(repository: Path, marker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository)
    kmigrate.migrate_text(MODEL, "model.py", settings=Settings(unsafe=True))
    kmigrate.migrate_path(repository / "model.py")
    assert not marker.exists()


@pytest.mark.filterwarnings("ignore:Delete once deprecated functions are gone:DeprecationWarning")
def test_change_sets_run_nothing(repository: Path, marker: Path) -> None:
    from rope.base.project import Project

    project = Project(str(repository), ropefolder=None)
    result = kmigrate.migrate_path(repository / "model.py")
    assert result.change_set(project) is not None
    project.close()
    assert not marker.exists()


@pytest.mark.parametrize("arguments", [["diff", "."], ["scan", "."], ["migrate", ".", "--unsafe"]], ids=lambda a: a[0])
def test_commands_run_nothing(
    repository: Path, marker: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(repository)
    ropefolder = snapshot(repository / ".ropeproject")
    main(arguments)
    assert not marker.exists()
    assert snapshot(repository / ".ropeproject") == ropefolder


def test_the_installed_command_runs_nothing(repository: Path, marker: Path, tmp_path: Path) -> None:
    script = tmp_path / "bin" / "kmigrate"
    script.parent.mkdir()
    script.write_text("import sys\nfrom kmigrate.cli import main\nsys.exit(main())\n")
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, str(script), "migrate", "."], cwd=repository, env={**os.environ, "PYTHONPATH": path},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "units=3" in (repository / "model.py").read_text(), done.stderr
    assert not marker.exists()


def test_no_rope_folder_appears(tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text(MODEL.replace("import helpers\n", ""))
    (tmp_path / "setup.py").write_text("raise SystemExit\n")
    kmigrate.scan(tmp_path)
    main(["migrate", str(tmp_path), "--unsafe"])
    assert not list(tmp_path.rglob(".ropeproject"))
    assert not list(tmp_path.rglob("*.pyc"))
