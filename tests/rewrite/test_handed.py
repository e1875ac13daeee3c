"""Is a class told of that something out of sight calls with the arguments beside it?"""

from __future__ import annotations

import pytest

from kmigrate import migrate_text

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
