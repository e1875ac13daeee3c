# ruff: noqa: E501  the programs of the tables stand on one line each
"""Is an optimizer that compile is given more than once taken from keras.optimizers.legacy, and no other?"""

from __future__ import annotations

import pytest

from kmigrate.api import migrate_text

HEAD = """\
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD
a, b = Sequential([Dense(1, input_dim=2)]), Sequential([Dense(1, input_dim=2)])
"""
SHARED = {
    "two-models": "sgd = SGD(lr=0.1)\na.compile(sgd, 'mse')\nb.compile(loss='mse', optimizer=sgd)\n",
    "one-model-anew": "sgd = SGD(lr=0.1)\na.compile(sgd, 'mse')\na.trainable = False\na.compile(sgd, 'mse')\n",
    "in-a-loop": "sgd = SGD(lr=0.1)\nfor net in (a, b):\n    net.compile(sgd, 'mse')\n",
    "in-a-comprehension": "sgd = SGD(lr=0.1)\n[net.compile(sgd, 'mse') for net in (a, b)]\n",
    "by-a-function": "def ready(net, by):\n    net.compile(by, 'mse')\nsgd = SGD(lr=0.1)\nready(a, sgd)\nready(b, by=sgd)\n",
    "of-an-object": "class Gan:\n    def __init__(self):\n        self.sgd = SGD(lr=0.1)\n    def f(self):\n        a.compile(self.sgd, 'mse')\n"
    "    def g(self):\n        b.compile(self.sgd, 'mse')\n",
    "default-of-a-parameter": "def ready(net, by=SGD(lr=0.1)):\n    net.compile(by, 'mse')\nready(a)\nready(b)\n",
    "default-of-a-library": "def ready(net, *, by=SGD(lr=0.1)):\n    net.compile(optimizer=by, loss='mse')\n",
    "in-one-branch-twice": "sgd = SGD(lr=0.1)\nif a:\n    a.compile(sgd, 'mse')\n    b.compile(sgd, 'mse')\n",
}
ALONE = {
    "one-model": "sgd = SGD(lr=0.1)\na.compile(sgd, 'mse')\nb.compile('sgd', 'mse')\n",
    "each-its-own": "sgd = SGD(lr=0.1)\na.compile(sgd, 'mse')\nsgd = SGD(lr=0.2)\nb.compile(sgd, 'mse')\n",
    "in-branches": "sgd = SGD(lr=0.1)\nif a:\n    a.compile(sgd, 'mse')\nelse:\n    a.compile(sgd, 'mae')\n",
    "made-in-the-loop": "for net in (a, b):\n    sgd = SGD(lr=0.1)\n    net.compile(sgd, 'mse')\n",
    "default-of-one-call": "def ready(net, by=SGD(lr=0.1)):\n    net.compile(by, 'mse')\nready(a)\nready(b, 'sgd')\n",
    "default-that-is-not-compiled": "def ready(net, by=SGD(lr=0.1)):\n    net.compile('sgd', 'mse')\n    return by\nready(a)\nready(b)\n",
    "another-compile": "import re\nsgd = SGD(lr=0.1)\na.compile(sgd, 'mse')\nre.compile('sgd')\n",
    "made-where-it-is-given": "a.compile(SGD(lr=0.1), 'mse')\nb.compile(SGD(lr=0.1), 'mse')\n",
}


@pytest.mark.parametrize("program", SHARED.values(), ids=SHARED)
def test_a_shared_optimizer(program: str) -> None:
    result = migrate_text(HEAD + program)
    assert "getattr(optimizers, 'legacy', optimizers).SGD(0.1)" in result.after
    assert any("more than one compile" in note.text for note in result.notes)


@pytest.mark.parametrize("program", ALONE.values(), ids=ALONE)
def test_an_optimizer_of_one_model(program: str) -> None:
    result = migrate_text(HEAD + program)
    assert "SGD(0.1)" in result.after
    assert "legacy" not in result.after
