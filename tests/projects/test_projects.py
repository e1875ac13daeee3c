# ruff: noqa: E501  the programs of the tables stand on one line each
"""Tiny projects in Python 2 and as a notebook go through the whole engine; only Keras changes."""

import json
import subprocess
from pathlib import Path

import pytest
from python27 import python27

import kmigrate
from kmigrate.config import Settings
from kmigrate.edits import Confidence, Replacement, applied
from kmigrate.engine import Engine
from kmigrate.report.json import data
from kmigrate.report.model import Report
from kmigrate.results import FileResult, Outcome
from kmigrate.source.notebook.source import NotebookSource
from kmigrate.source.parsing import parsed
from kmigrate.source.python2 import refused
from kmigrate.source.text import Source

PYTHON2 = python27()
HERE = Path(__file__).parent
GAN = HERE / "python2_gan"
LESSON = HERE / "notebook_course" / "lesson.ipynb"


def migrated(path: Path) -> FileResult:
    kind = NotebookSource if path.suffix == ".ipynb" else Source
    return Engine(path.parent, Settings()).migrate(kind.from_bytes(path.read_bytes(), str(path)))


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        (
            "nets.py",
            [
                ("from keras.layers.core import", "from keras.layers import"),
                ("from keras.layers.convolutional import Convolution2D", "from keras.layers import Conv2D"),
                ("Dense(output_dim=units, input_dim=", "Dense(units=units, input_dim="),
                ("Convolution2D(32, 3, 3, border_mode='same'", "Conv2D(32, (3, 3), padding='same'"),
            ],
        ),
        ("train.py", [("nb_epoch=10L", "epochs=10L")]),
    ],
)
def test_python_2_stays_python_2(name: str, changes: list[tuple[str, str]]) -> None:
    before = (GAN / name).read_bytes()
    expected = before
    for old, new in changes:
        assert before.count(old.encode()) == 1
        expected = expected.replace(old.encode(), new.encode())

    result = migrated(GAN / name)

    assert result.outcome is Outcome.CHANGED
    assert result.to_bytes() == expected
    after = Source.from_bytes(expected)
    assert parsed(after).python2
    assert refused(parsed(after).tree, after.text) == ()


@pytest.mark.skipif(PYTHON2 is None, reason="no Python 2.7 that runs")
@pytest.mark.parametrize("name", ["nets.py", "train.py"])
def test_python_2_compiles_the_result(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(migrated(GAN / name).to_bytes())

    subprocess.run([str(PYTHON2), "-m", "py_compile", str(tmp_path / name)], check=True)


def test_a_notebook_changes_in_its_source_lines_only() -> None:
    result = migrated(LESSON)
    before, after = json.loads(LESSON.read_bytes()), json.loads(result.to_bytes())
    changed = [
        (old, new)
        for a, b in zip(before["cells"], after["cells"], strict=True)
        for old, new in zip(a["source"], b["source"], strict=True)
        if old != new
    ]

    assert result.outcome is Outcome.CHANGED
    assert changed == [
        ("from keras.layers import Dense, Convolution2D", "from keras.layers import Dense, Conv2D"),
        (
            "model.add(Convolution2D(32, 3, 3, border_mode='same', input_shape=(1, 28, 28)))\n",
            "model.add(Conv2D(32, (3, 3), padding='same', input_shape=(1, 28, 28)))\n",
        ),
        ("model.add(Dense(output_dim=10))\n", "model.add(Dense(units=10))\n"),
        ("%time model.fit(x, y, nb_epoch=3, verbose=0)", "%time model.fit(x, y, epochs=3, verbose=0)"),
    ]
    lines = zip(LESSON.read_bytes().split(b"\n"), result.to_bytes().split(b"\n"), strict=True)
    assert sum(old != new for old, new in lines) == len(changed)


def test_cells_that_are_not_read_are_known() -> None:
    source = NotebookSource.from_bytes(LESSON.read_bytes())

    places = [source.place(one.at) for one in parsed(source).unread]
    assert [(place.cell, place.line) for place in places] == [(2, 1), (5, 1)]


def test_the_report_tells_places_in_the_cells() -> None:
    report = data(Report.of([migrated(LESSON)], None))["files"][0]

    places = {(edit["cell"], edit["line"], edit["end_line"], edit["before"]) for edit in report["edits"]}
    assert {place for place in places if place[3]} == {
        (1, 3, 3, "Convolution2D"), (3, 2, 2, "Convolution2D"), (3, 2, 2, "border_mode"), (3, 3, 3, "output_dim"),
        (6, 1, 1, "nb_epoch"),
    }  # fmt: skip
    assert [(review["cell"], review["line"]) for review in report["reviews"]] == [(5, 1)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("net.ipynb", json.dumps({"cells": [{"cell_type": "code", "source": ["import keras\n", "x = keras.layers.MaxoutDense(3)"]}]})),
        ("net.md", "1. So:\n\n   ```python\n   import keras\n   x = keras.layers.MaxoutDense(3)\n   ```\n"),
        ("net.py", "import keras\nx = keras.layers.MaxoutDense(3); print x\n"),
    ],
)
def test_a_comment_above_a_review_lands_above_its_line(name: str, text: str) -> None:
    result = kmigrate.migrate_text(text, name)
    (review,) = result.reviews
    source = result.source
    assert source is not None
    start = source.line_starts[source.position(review.start).line - 1]
    margin = result.before[start : review.start].partition("x")[0]
    todo = Replacement(start, start, f"{margin}# TODO: é\n", (), Confidence.SAFE)
    noted = type(source).from_bytes(source.encode(applied(source.text, [todo])), name)

    lines = noted.text.splitlines()
    place = lines.index(f"{margin}# TODO: é")
    assert lines[place + 1].strip().startswith("x = keras")
    again = Engine(None, Settings()).migrate(noted)
    assert (again.reviews[0].position.cell, again.reviews[0].position.line) == (review.position.cell, review.position.line + 1)
