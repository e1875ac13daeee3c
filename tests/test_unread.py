"""Cells that cannot be read as Python are reviews if they speak of Keras, and nothing else is."""

from __future__ import annotations

import json

import pytest

import kmigrate
from kmigrate.results import FileResult, Outcome, Position, Review, State

IMPORTS = "from keras.layers import Dense\nfrom keras.models import Sequential as Net\nnet = Net()\n"


def migrated(*cells: str) -> FileResult:
    made = [{"cell_type": "code", "source": cell} for cell in cells]
    return kmigrate.migrate_text(json.dumps({"cells": made}), "lesson.ipynb")


def unread(result: FileResult) -> list[Review]:
    return [review for review in result.reviews if review.name == "code that is no Python"]


@pytest.mark.parametrize(
    "cell",
    [
        "net.fit(x, nb_epoch=2",
        "x = \nnet.fit(x, nb_epoch=2)",
        "for layer in net.layers\n    print layer",
        "Dense(3) is what we need",
        "%%bash\npython -c 'import keras'",
        "%%writefile net.py\nimport keras\nkeras.layers.Dense(output_dim=3)",
        "%%file net.py\nfrom keras.models import Sequential",
        "%%script python2\nimport keras",
    ],
)
def test_code_that_is_not_read_but_speaks_of_keras_is_a_review(cell: str) -> None:
    result = migrated(IMPORTS, cell)
    (review,) = unread(result)

    assert review.position.cell == 2
    assert "was not looked at" in review.reason
    assert result.before[review.start : review.end] == cell
    assert result.states[State.REVIEW] == len(result.reviews) == 1


@pytest.mark.parametrize(
    "cell",
    [
        "ls -l data", "%%bash\nls networks", "%%html\n<a href='https://keras.io'>keras</a>", "%matplotlib inline",
        "!cat ~/.keras/keras.json", "print 'keras'", "some notes on nets\n", "%%time\nnet.summary()",
    ],
)  # fmt: skip
def test_other_cells_are_none(cell: str) -> None:
    assert migrated(IMPORTS, cell).reviews == ()


def test_the_line_is_the_one_that_python_minds() -> None:
    result = migrated(IMPORTS, "a = 1\nb = (\nnet.fit(x, nb_epoch=2)\n")

    assert unread(result)[0].position == Position(2, 1, 2)


def test_a_notebook_that_only_speaks_of_keras_where_nobody_reads_is_not_clean_in_silence() -> None:
    result = migrated("x = 1", "import keras as\n")

    assert result.outcome is Outcome.CLEAN
    assert len(unread(result)) == 1


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("!pip install keras", True),
        ("!pip install -q keras==1.2.2 h5py", True),
        ("%pip install git+https://github.com/fchollet/keras.git", True),
        ("!conda install -y keras", True),
        ("!pip install keras==2.2.4", False),
        ("!pip install keras-tqdm", False),
        ("!pip install numpy", False),
        ("# pip install keras", False),
    ],
)  # fmt: skip
def test_commands_that_install_another_keras(command: str, told: bool) -> None:
    result = migrated(f"import os\n{command}\nimport keras")

    assert [review.position for review in unread(result)] == ([Position(2, 1, 1)] if told else [])


def test_what_is_read_is_migrated_all_the_same() -> None:
    result = migrated(IMPORTS, "net.add(Dense(output_dim=3)", "net.add(Dense(output_dim=4))")

    assert result.outcome is Outcome.CHANGED
    assert "net.add(Dense(output_dim=3)" in result.after
    assert "net.add(Dense(units=4))" in result.after
    assert [review.position.cell for review in unread(result)] == [2]
