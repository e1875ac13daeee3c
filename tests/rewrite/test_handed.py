"""Is a class told of that something out of sight calls with the arguments beside it?"""

from __future__ import annotations

from pathlib import Path

import pytest

from kmigrate import migrate_text
from kmigrate.api import scan

_IMPORT = "from itertools import starmap\nfrom keras.layers import LSTM, Convolution2D, Dense\nfrom tools import make\n\n"


def _told(program: str) -> list[str]:
    return [review.rule for review in migrate_text(_IMPORT + program).reviews]


@pytest.mark.parametrize(
    ("program", "rule"),
    [
        ("layers = map(Convolution2D, [3, 4], [3, 3], [3, 3])\n", "KM111"),
        ("layers = starmap(Convolution2D, [(3, 3, 3)])\n", "KM111"),
        ("layers = map(LSTM, [3, 4])\n", "KM200"),
        ("layer = make(Convolution2D, 3, 3, 3)\n", "KM111"),
        ("layer = make(Dense, 3, init='uniform')\n", "KM100"),
        ("def build(self):\n    return self.made(LSTM, 3)\n", "KM200"),
    ],
)
def test_a_class_whose_calls_would_change(program: str, rule: str) -> None:
    assert _told(program) == [rule]


@pytest.mark.parametrize(
    "program",
    [
        "layers = map(Dense, [3, 4])\n",
        "layer = make(Dense, 3)\n",
        "layer = make(LSTM)\n",
        "found = isinstance(layer, LSTM)\n",
        "class Mine(LSTM):\n    pass\n\nfound = issubclass(Mine, Convolution2D)\n",
        "def build(cell, size):\n    return size\n\nbuild(LSTM, 3)\n",
    ],
)
def test_a_class_that_is_asked_about_or_keeps_its_calls(program: str) -> None:
    assert _told(program) == []


@pytest.mark.parametrize(
    ("program", "rules"),
    [
        ("pool.submit(model.fit, x, y, nb_epoch=3)\n", ["KM362"]),
        ("pool.submit(model.fit, x, y, verbose=0)\n", []),
        ("pool.submit(x, model.fit, nb_epoch=3)\n", []),
    ],
)
def test_a_method_with_keywords_beside_it(program: str, rules: list[str]) -> None:
    made = "from keras.models import Sequential\n\nmodel = Sequential()\n"
    assert [review.rule for review in migrate_text(made + program).reviews] == rules


BLOCKS = """\
def convolved(conv, size):
    return conv(size, 3, 3)


def sized(layer, size):
    return layer(size)


def started(layer):
    return layer(8, 'uniform')


def built(layer, options=()):
    return layer(**dict(options))


def checked(layer, options={}):
    return layer(**options)


def passed(layer, **options):
    return layer(8, **options)


def settled(cell):
    return cell(8, recurrent_activation='hard_sigmoid', recurrent_initializer='glorot_uniform')


class Cells:
    def __init__(self, cell):
        self.cell = cell

    def build(self):
        return self.cell(8)

    @staticmethod
    def made(cell):
        return cell(8)
"""


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("blocks.convolved(Convolution2D, 8)", "blocks.py:2"),
        ("blocks.convolved(conv=Convolution2D, size=8)", "blocks.py:2"),
        ("blocks.convolved(Flatten, 8)", ""),
        ("blocks.sized(Dense, 8)", ""),
        ("blocks.sized(LSTM, 8)", "blocks.py:6"),
        ("blocks.started(Dense)", "blocks.py:10"),
        ("blocks.checked(Dropout, {'p': 0.5})", "blocks.py:18"),
        ("blocks.checked(Dropout, options={'p': 0.5})", "blocks.py:18"),
        ("blocks.checked(Dropout, {'seed': 3})", ""),
        ("blocks.passed(Dense, init='uniform')", "blocks.py:22"),
        ("blocks.passed(Dense, activation='relu')", ""),
        ("blocks.settled(LSTM)", ""),
        ("blocks.Cells(LSTM)", "blocks.py:34"),
        ("blocks.Cells.made(LSTM)", "blocks.py:38"),
        ("check(Dropout, {'p': 0.5})", "can't be seen"),
        ("check(Dropout, {'seed': 3})", ""),
    ],
)
def test_a_class_that_another_module_calls(tmp_path: Path, program: str, told: str) -> None:
    (tmp_path / "blocks.py").write_text(BLOCKS)
    head = "import blocks\nfrom tools import check\nfrom keras.layers import LSTM, Convolution2D, Dense, Dropout, Flatten\n"
    (tmp_path / "main.py").write_text(f"{head}\n{program}\n")
    reviews = [review for result in scan(tmp_path) for review in result.reviews]
    assert len(reviews) == bool(told)
    assert all(told in review.reason for review in reviews)
