"""Which module of helper layers is written where, and when is it not?"""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import indent

import pytest

import kmigrate
from kmigrate import FileResult, Outcome, Settings
from kmigrate.applying import apply, copy
from kmigrate.helpers.modules import with_modules
from kmigrate.helpers.text import layers, layers_in, text_of
from kmigrate.journal import undo
from kmigrate.plan import read_plan
from kmigrate.replay import replay
from kmigrate.report.model import Report
from kmigrate.report.plan import render
from kmigrate.runner import run

SETTINGS = Settings(emit_helpers=True)
MAXOUT = "from keras.layers import MaxoutDense\n\nlayer = MaxoutDense(3)\n"
HIGHWAY = "import keras\n\nlayer = keras.layers.Highway()\n"
MODULE = "keras1_layers.py"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a script, and a package with modules in two depths."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    folder = tmp_path / "project"
    (folder / "net" / "parts").mkdir(parents=True)
    (folder / "setup.py").write_text("import setuptools\n")
    (folder / "train.py").write_text(MAXOUT)
    (folder / "net" / "__init__.py").touch()
    (folder / "net" / "parts" / "__init__.py").touch()
    (folder / "net" / "model.py").write_text(MAXOUT)
    (folder / "net" / "parts" / "gate.py").write_text(HIGHWAY)
    return folder


def files(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in sorted(folder.rglob("*.py"))}


def migrated(folder: Path) -> dict[str, FileResult]:
    done, _ = apply(run([folder], SETTINGS))
    return {Path(result.path or "").relative_to(folder).as_posix(): result for result in done}


def test_one_module_for_a_package_and_one_for_the_scripts(project: Path) -> None:
    before = files(project)
    results = migrated(project)

    assert results[MODULE].outcome is Outcome.CREATED
    now = files(project)
    assert now[MODULE] == text_of({"MaxoutDense"})
    assert now[f"net/{MODULE}"] == text_of({"MaxoutDense", "Highway"})
    assert now["train.py"] == "from keras1_layers import MaxoutDense\n\nlayer = MaxoutDense(3)\n"
    assert "from net.keras1_layers import MaxoutDense\n" in now["net/model.py"]
    assert "from net.keras1_layers import Highway\n" in now["net/parts/gate.py"]
    assert "layer = Highway()\n" in now["net/parts/gate.py"]
    undone = undo()
    assert not undone.refused
    assert files(project) == before


def test_a_second_run_changes_nothing(project: Path) -> None:
    migrated(project)
    now = files(project)
    results = migrated(project)

    assert {result.outcome for result in results.values()} <= {Outcome.CLEAN, Outcome.NOT_KERAS}
    assert not [review for result in results.values() for review in result.reviews]
    assert files(project) == now


def test_a_module_grows_by_what_is_new(project: Path) -> None:
    migrated(project)
    (project / "later.py").write_text("from keras.layers import SReLU\n\nlayer = SReLU()\n")
    results = migrated(project)

    assert results[MODULE].outcome is Outcome.CHANGED
    assert files(project)[MODULE] == text_of({"MaxoutDense", "SReLU"})
    undo()
    assert files(project)[MODULE] == text_of({"MaxoutDense"})


@pytest.mark.parametrize("text", ["MINE = 1\n", text_of({"Highway"}) + "MINE = 1\n", ""])
def test_a_file_of_the_users_is_never_replaced(project: Path, text: str) -> None:
    (project / MODULE).write_text(text)
    results = migrated(project)

    now = files(project)
    assert (now[MODULE], now["train.py"]) == (text, MAXOUT)
    assert "is not as `--emit-helpers` writes it" in str(results["train.py"].reviews[-1].recipe)
    assert f"net/{MODULE}" in now


def test_a_file_that_comes_up_meanwhile_stays_and_so_do_those_that_need_the_module(project: Path) -> None:
    results = list(run([project], SETTINGS))
    (project / MODULE).write_text("MINE = 1\n")
    done, _ = apply(results)

    failed = {Path(result.path or "").name: result.failure for result in done if result.outcome is Outcome.FAILED}
    assert set(failed) == {MODULE, "train.py"}
    assert "could not be written" in str(failed["train.py"])
    assert (files(project)[MODULE], files(project)["train.py"]) == ("MINE = 1\n", MAXOUT)


def test_a_changed_module_is_not_taken_back(project: Path) -> None:
    migrated(project)
    with (project / MODULE).open("a") as file:
        file.write("MINE = 1\n")
    undone = undo()

    assert [Path(error.where or "").name for error in undone.refused] == [MODULE]
    assert files(project)["train.py"] == MAXOUT


def test_a_script_among_its_neighbours_finds_the_module_beside_it(project: Path) -> None:
    (project / "net" / "model.py").write_text(f"import tools\n{MAXOUT}")
    (project / "net" / "tools.py").touch()
    (project / "net" / "parts" / "gate.py").unlink()
    migrated(project)

    assert "from keras1_layers import MaxoutDense\n" in files(project)["net/model.py"]
    assert f"net/{MODULE}" in files(project)


def test_a_copy_holds_the_modules(project: Path, tmp_path: Path) -> None:
    before = files(project)
    copy([project], tmp_path / "out", run([project], SETTINGS))
    copy([project / "train.py"], tmp_path / "one", run([project / "train.py"], SETTINGS))

    assert files(project) == before
    assert {MODULE, f"net/{MODULE}"} < set(files(tmp_path / "out"))
    assert set(files(tmp_path / "one")) == {"train.py", MODULE}


def test_a_plan_makes_the_modules_of_what_is_approved(project: Path, tmp_path: Path) -> None:
    report = Report.of(run([project], SETTINGS), None, [project], settings=SETTINGS)
    plan = tmp_path / "plan.json"
    text = render(report)
    assert MODULE not in text
    data = json.loads(text)
    for file in data["files"]:
        for entry in file["changes"]:
            entry["approved"] = file["path"].endswith("gate.py")
    plan.write_text(json.dumps(data))
    apply(replay(read_plan(plan)))

    now = files(project)
    assert layers_in(now[f"net/{MODULE}"]) == {"Highway"}
    assert MODULE not in now


def test_the_library_tells_of_the_module() -> None:
    result = kmigrate.migrate_text(MAXOUT, settings=SETTINGS)
    (module,) = kmigrate.modules([result])

    assert (module.path, module.outcome, module.before) == (MODULE, Outcome.CREATED, "")
    assert module.after == text_of({"MaxoutDense"})
    assert list(with_modules([result])) == [result, module]


def test_what_is_told_of_a_shape_of_call_is_told_where_a_layer_takes_its_place() -> None:
    text = "from keras.layers import Embedding\n\nlayer = Embedding(7, 3, dropout=0.5{})\n"
    plain = kmigrate.migrate_text(text.format(""), settings=SETTINGS)
    masked = kmigrate.migrate_text(text.format(", mask_zero=True, init='he_normal'"), settings=SETTINGS)

    assert plain.notes == ()
    assert [(note.rule, note.places[0].line, note.affects) for note in masked.notes] == [
        ("KM102", 3, ("start",)), ("KM102", 3, ("loss", "training"))
    ]  # fmt: skip


def test_what_is_told_of_the_averages_is_not_told_of_a_layer_that_never_uses_them() -> None:
    text = "from keras.layers import BatchNormalization\n\nlayer = BatchNormalization({})\n"
    for mode in ("mode=1", "mode=2"):
        assert kmigrate.migrate_text(text.format(mode), settings=SETTINGS).notes == ()
    for call in ("", "mode=0", "momentum=0.5"):
        (note,) = kmigrate.migrate_text(text.format(call), settings=SETTINGS).notes
        assert "moving variance" in note.text


@pytest.mark.parametrize("name", ["train.md", "train.rst"])
def test_documents_get_no_module(name: str) -> None:
    block = f"```python\n{MAXOUT}```\n" if name.endswith("md") else indent(MAXOUT, "    ")
    result = kmigrate.migrate_text(f"Text::\n\n{block}", name, settings=SETTINGS)
    assert result.needed is None
    assert result.reviews


def test_a_module_stands_alone() -> None:
    for layer in layers():
        text = text_of({layer})
        compile(text, MODULE, "exec")
        result = kmigrate.migrate_text(text)
        assert (result.after, result.reviews) == (text, ())
        assert layers_in(text) is not None and layer in (layers_in(text) or ())


@pytest.mark.parametrize(
    "call",
    [
        "MaxoutDense(3, init='orthogonal')",
        "MaxoutDense(3, activity_regularizer='l2')",
        "MaxoutDense(3, init=start)",
        "MaxoutDense(*sizes)",
    ],
)
def test_what_no_layer_of_ours_computes_stays_a_review(call: str) -> None:
    head = "from keras.layers import MaxoutDense\nfrom mine import sizes\n\ndef start(shape, name=None):\n    return name\n\n"
    text = f"{head}layer = {call}\n"
    result = kmigrate.migrate_text(text, settings=SETTINGS)

    assert f"layer = {call}\n" in result.after
    assert result.needed is None
    assert result.reviews
