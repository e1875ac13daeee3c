"""Is a file that does not tell which Keras it was written for taken as the rest of its project?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kmigrate.config import Settings
from kmigrate.engine import Engine
from kmigrate.results import FileResult, Outcome, State
from kmigrate.runner import run
from kmigrate.source.text import Source

SILENT = "from keras.callbacks import EarlyStopping\n\n\ndef stopping():\n    return EarlyStopping(patience=3)\n"
KERAS_1 = "from keras.layers import Dense\n\nlayer = Dense(output_dim=3)\n"
KERAS_2 = "from keras.layers import Dense\n\nlayer = Dense(units=3)\n"
NONE = "import keras\n\nprint(keras.__version__)\n"


def project(folder: Path, **files: str) -> Path:
    (folder / "pyproject.toml").write_text("")
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return folder


def silent(root: Path) -> FileResult:
    """The result for the file that does not tell."""
    path = root / "silent.py"
    return Engine(root, Settings()).migrate(Source.from_bytes(path.read_bytes(), str(path)))


def test_it_is_one_of_keras_2_in_a_project_of_keras_2(tmp_path: Path) -> None:
    result = silent(project(tmp_path, silent=SILENT, deep__net=KERAS_2, other=NONE))
    assert result.outcome is Outcome.CLEAN
    assert State.ALREADY in result.states
    (note,) = result.notes
    assert "other files of the project speak Keras 2" in note.text
    assert [place.line for place in note.places] == [5]


@pytest.mark.parametrize("other", [NONE, KERAS_1])
def test_it_is_one_of_keras_1_where_nobody_tells_or_another_file_speaks_keras_1(tmp_path: Path, other: str) -> None:
    files = {"silent": SILENT, "net": KERAS_2, "other": other} if other == KERAS_1 else {"silent": SILENT, "other": other}
    result = silent(project(tmp_path, **files))
    assert "EarlyStopping(patience=3 + 1)" in result.after
    assert not result.notes


@pytest.mark.parametrize("training", ["fit({'x': x}, nb_epoch=3)", "evaluate({'x': x}, batch_size=3, verbose=0)"])
def test_a_graph_of_keras_0_3_does_not_speak_keras_2(tmp_path: Path, training: str) -> None:
    head = "from keras.models import model_from_json\nfrom nets import build\n\n\n"
    graph = f"{head}def train(text, x):\n    graph = model_from_json(text) if text else build()\n    graph.{training}\n"
    result = silent(project(tmp_path, silent=SILENT, graph=graph))
    assert "EarlyStopping(patience=3 + 1)" in result.after
    assert not result.notes


def test_it_is_one_of_keras_1_where_it_stands_alone() -> None:
    assert "patience=3 + 1" in Engine(None, Settings()).migrate(Source(None, SILENT)).after


def test_what_it_says_itself_counts_for_more(tmp_path: Path) -> None:
    result = silent(project(tmp_path, silent=f"{KERAS_1}{SILENT}", net=KERAS_2))
    assert "patience=3 + 1" in result.after


@pytest.mark.parametrize(
    "training, is_keras2",
    [
        ("model.fit(x, y, epochs=3, callbacks=[stopping()])", True),
        ("model.fit_generator(batches, steps_per_epoch=3)", True),
        ("model.fit_generator(batches, 3, epochs=3, max_q_size=5)", True),
        ("model.fit(x, y, epochs=3)", False),
        ("model.fit(x, y, nb_epoch=3, callbacks=[stopping()])", False),
        ("model.fit_generator(batches, 300, 3)", False),
    ],
)
def test_how_a_model_is_trained_that_nobody_knows_tells(training: str, is_keras2: bool) -> None:
    text = f"{SILENT}\n\ndef train(model, x, y, batches):\n    {training}\n"
    result = Engine(None, Settings(unsafe=True)).migrate(Source(None, text))
    assert ("EarlyStopping(patience=3)" in result.after) is is_keras2


def test_how_an_object_is_trained_that_is_no_model_tells_nothing() -> None:
    trainer = "class Trainer:\n    def fit(self, epochs, callbacks):\n        pass\n\n\nTrainer().fit(epochs=3, callbacks=[])\n"
    assert "patience=3 + 1" in Engine(None, Settings()).migrate(Source(None, f"{SILENT}\n\n{trainer}")).after


def test_a_project_that_was_migrated_stays_as_it_is(tmp_path: Path) -> None:
    root = project(tmp_path, silent=SILENT, net=KERAS_1)
    for result in list(run([root], Settings())):
        (tmp_path / Path(result.path or "").name).write_text(result.after)
    assert "patience=3 + 1" in (root / "silent.py").read_text()
    assert {result.outcome for result in run([root], Settings())} == {Outcome.CLEAN}


def test_files_with_errors_and_without_keras_tell_nothing(tmp_path: Path) -> None:
    root = project(tmp_path, silent=SILENT, net=KERAS_2, broken="import keras\n(\n", plain="def fit(nb_epoch): pass\n")
    assert silent(root).outcome is Outcome.CLEAN


@pytest.mark.parametrize("first", ["net.py", "silent.py"])
def test_the_order_of_the_files_does_not_matter(tmp_path: Path, first: str) -> None:
    root = project(tmp_path, silent=SILENT, net=KERAS_1, other=KERAS_2)
    engine = Engine(root, Settings())
    paths = sorted(root.glob("*.py"), key=lambda path: path.name != first)
    after = {path.name: engine.migrate(Source.from_bytes(path.read_bytes(), str(path))).after for path in paths}
    assert "patience=3 + 1" in after["silent.py"]


def test_a_notebook_of_keras_1_is_no_module_of_the_project(tmp_path: Path) -> None:
    root = project(tmp_path, silent=SILENT, net=KERAS_2)
    cell = {"cell_type": "code", "metadata": {}, "source": KERAS_1, "outputs": [], "execution_count": None}
    (root / "book.ipynb").write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 0}))
    found = {Path(result.path or "").name: result.outcome for result in run([root], Settings())}
    assert found["silent.py"] is Outcome.CLEAN and found["book.ipynb"] is Outcome.CHANGED
