"""Results of earlier runs: taken where nothing changed that counts, and never where something did."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kmigrate.cache.store import Store
from kmigrate.config import Settings
from kmigrate.engine import Engine
from kmigrate.results import FileResult, Outcome
from kmigrate.runner import run
from kmigrate.source.text import Source

USES = "from layers import make\n\nmodel = make()\nmodel.fit([], [], nb_epoch=3)\n# keras\n"
MAKES = "from keras.models import Sequential\n\n\ndef make():\n    return Sequential()\n"
MAKES_OTHER = "from sklearn import Thing\n\n\ndef make():\n    return Thing()\n"

Runs = Callable[..., dict[str, FileResult]]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in which one module uses what another makes."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "setup.py").write_text("")
    (folder / "layers.py").write_text(MAKES)
    (folder / "train.py").write_text(USES)
    return folder


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that an engine, the real one, looked at."""
    names: list[str] = []
    migrate = Engine.migrate

    def told(engine: Engine, source: Source) -> FileResult:
        names.append(Path(source.path or "").name)
        return migrate(engine, source)

    monkeypatch.setattr(Engine, "migrate", told)
    return names


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "kept")


@pytest.fixture
def runs(project: Path, store: Store, asked: list[str]) -> Runs:
    """Runs over the project; what one gives must always be what a run without a store gives."""

    def runs(settings: Settings | None = None, *paths: Path) -> dict[str, FileResult]:
        results = list(run(paths or [project], settings or Settings(), cache=store))
        seen = list(asked)
        assert results == list(run(paths or [project], settings or Settings()))
        asked[:] = seen
        return {Path(result.path or "").name: result for result in results}

    return runs


def test_the_second_run_asks_no_engine(runs: Runs, asked: list[str]) -> None:
    first = runs()
    assert asked == ["layers.py", "train.py"]
    assert first["train.py"].outcome is Outcome.CHANGED
    asked.clear()
    assert runs() == first
    assert asked == []


def test_a_change_in_another_file_counts(project: Path, runs: Runs, asked: list[str]) -> None:
    assert "epochs=3" in runs()["train.py"].after
    (project / "layers.py").write_text(MAKES_OTHER)
    asked.clear()
    assert "nb_epoch=3" in runs()["train.py"].after
    assert "train.py" in asked


def test_a_module_that_comes_or_goes_counts(project: Path, runs: Runs) -> None:
    assert migrated(runs()["train.py"])
    (project / "layers.py").rename(project / "elsewhere.py")
    assert not migrated(runs()["train.py"])
    (project / "elsewhere.py").rename(project / "layers.py")
    assert migrated(runs()["train.py"])
    (project / "layers.py").unlink()
    (project / "layers").mkdir()
    (project / "layers" / "__init__.py").write_text(MAKES)
    assert migrated(runs()["train.py"])
    (project / "layers" / "__init__.py").write_text(MAKES_OTHER)
    assert not migrated(runs()["train.py"])


def test_a_module_that_git_ignores_or_a_link_leads_to_counts(project: Path, tmp_path: Path, runs: Runs) -> None:
    (project / ".git").mkdir()
    (project / ".gitignore").write_text("layers.py\nlayers\n")
    train = project / "train.py"
    assert migrated(runs(None, train)["train.py"])
    (project / "layers.py").write_text(MAKES_OTHER)
    assert not migrated(runs(None, train)["train.py"])
    (project / "layers.py").unlink()
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "__init__.py").write_text(MAKES)
    (project / "layers").symlink_to(tmp_path / "far")
    assert migrated(runs(None, train)["train.py"])
    (tmp_path / "far" / "__init__.py").write_text(MAKES_OTHER)
    assert not migrated(runs(None, train)["train.py"])


def test_content_counts_and_no_time_of_a_file(project: Path, runs: Runs, asked: list[str]) -> None:
    runs()
    for path in project.iterdir():
        os.utime(path, (1, 1))
    asked.clear()
    runs()
    assert asked == []
    (project / "layers.py").write_text(MAKES.replace("Sequential()", "Xequential()"))
    os.utime(project / "layers.py", (1, 1))
    runs()
    assert "train.py" in asked


def test_settings_and_rules_count(tmp_path: Path, runs: Runs, asked: list[str]) -> None:
    runs()
    asked.clear()
    runs(Settings(unsafe=True))
    runs(Settings(select=("KM1",)))
    assert asked.count("train.py") == 2
    rules = tmp_path / "rules"
    rules.mkdir()
    runs(Settings(rules=(rules,)))
    asked.clear()
    runs(Settings(rules=(rules,)))
    assert asked == []
    (rules / "note.txt").write_text("")
    runs(Settings(rules=(rules,)))
    assert "train.py" in asked


def test_modules_of_helper_layers_come_from_what_is_kept_too(project: Path, runs: Runs, asked: list[str]) -> None:
    (project / "gone.py").write_text("from keras.layers import MaxoutDense\n\nlayer = MaxoutDense(3)\n")
    first = runs(Settings(emit_helpers=True))
    (added,) = (result for result in first.values() if result.outcome is Outcome.CREATED)
    asked.clear()
    assert runs(Settings(emit_helpers=True)) == first
    assert asked == []
    path = Path(added.source.path if added.source and added.source.path else "")
    path.write_text(added.after)
    assert path.name not in {name for name, result in runs(Settings(emit_helpers=True)).items() if result.before != result.after}


def test_a_run_adds_to_what_is_known(project: Path, runs: Runs, asked: list[str]) -> None:
    runs(None, project / "train.py")
    asked.clear()
    runs()
    assert asked == ["layers.py"]
    asked.clear()
    runs()
    assert asked == []


def test_a_file_that_failed_is_looked_at_again(project: Path, runs: Runs, asked: list[str]) -> None:
    (project / "broken.py").write_text("import keras\nprint(\n")
    runs()
    asked.clear()
    assert runs()["broken.py"].outcome is Outcome.FAILED
    assert asked == ["broken.py"]


def test_what_changes_during_a_run_is_not_kept(project: Path, runs: Runs, store: Store) -> None:
    results = run([project], Settings(), cache=store)
    next(results)
    (project / "layers.py").write_text(MAKES_OTHER)
    list(results)
    assert store.size() == (0, 0)
    assert not migrated(runs()["train.py"])


def test_a_large_project_is_not_read_for_little_work(project: Path, runs: Runs, store: Store) -> None:
    (project / "more").mkdir()
    for number in range(400):
        (project / "more" / f"m{number}.py").touch()
    runs(None, project / "train.py")
    assert store.size() == (0, 0)


def migrated(result: FileResult) -> bool:
    """Whether the model was known to be one of Keras."""
    assert ("nb_epoch=3" in result.after) is not ("(epochs=3" in result.after or " epochs=3" in result.after)
    return "nb_epoch=3" not in result.after
