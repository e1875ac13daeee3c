"""Does a call of a class that is chosen when the program runs end changed or under review, and never without a word?"""

from __future__ import annotations

import pytest

from kmigrate.api import migrate_text
from kmigrate.config import Settings

CHOICES = {
    "branches": "RNN = None\nif kind == 'lstm':\n    RNN = recurrent.LSTM\nelif kind == 'gru':\n    RNN = recurrent.GRU\n",
    "one branch": "RNN = None\nif kind == 'lstm':\n    RNN = recurrent.LSTM\n",
    "expression": "RNN = recurrent.LSTM if kind == 'lstm' else recurrent.GRU\n",
    "display": "RNN = {'lstm': recurrent.LSTM, 'gru': recurrent.GRU}[kind]\n",
    "dict": "kinds = {'lstm': recurrent.LSTM, 'gru': recurrent.GRU}\nRNN = kinds[kind]\n",
    "grown dict": "kinds = {}\nkinds['lstm'] = recurrent.LSTM\nRNN = kinds['lstm']\n",
    "get": "kinds = {'lstm': recurrent.LSTM, 'gru': recurrent.GRU}\nRNN = kinds.get(kind)\n",
    "list": "kinds = [recurrent.LSTM, recurrent.GRU]\nRNN = kinds[kind]\n",
}


def lines_under_review(program: str) -> set[str]:
    result = migrate_text("from keras.layers import recurrent\n" + program)
    assert result.failure is None
    lines = result.before.splitlines()
    return {lines[review.position.line - 1] for review in result.reviews}


@pytest.mark.parametrize("choice", CHOICES.values(), ids=CHOICES)
def test_a_dict_that_is_unpacked(choice: str) -> None:
    assert "layer = RNN(**options)" in lines_under_review(choice + "layer = RNN(**options)\n")


@pytest.mark.parametrize("choice", [CHOICES["branches"], CHOICES["display"], CHOICES["dict"], CHOICES["get"], CHOICES["list"]])
def test_arguments_that_the_classes_take_otherwise(choice: str) -> None:
    assert "layer = RNN(output_dim=3)" in lines_under_review(choice + "layer = RNN(output_dim=3)\n")


def test_one_class_taken_from_a_dict_is_renamed() -> None:
    result = migrate_text("from keras.layers import Dense\n\nmade = {'dense': Dense}['dense']\nlayer = made(output_dim=3)\n")

    assert result.after.endswith("layer = made(units=3)\n")


def test_numbers_taken_from_a_dict_are_no_classes() -> None:
    program = "from keras.layers import Dense\n\nsizes = {'a': 3, 'b': print}\nsize = sizes['b']\nsize(output_dim=3)\n"
    result = migrate_text(program)

    assert (result.after, result.reviews) == (program, ())


@pytest.mark.parametrize(
    ("before", "call"),
    [
        ("kinds = {'conv': Convolution2D}\nfor Kind in kinds.values():", "Kind"),
        ("kinds = {'conv': Convolution2D}\nfor name, Kind in sorted(kinds.items()):", "Kind"),
        ("kinds = OrderedDict([('conv', Convolution2D)])\nfor name in kinds:", "kinds[name]"),
        ("for Kind, size in zip([Convolution2D], sizes):", "Kind"),
        ("for number, Kind in enumerate([Convolution2D]):", "Kind"),
        ("while True:\n    Kind = random.choice([Convolution2D])", "Kind"),
        ("kinds = dict(conv=Convolution2D)\nwhile kinds:", "kinds.pop('conv')"),
    ],
)  # fmt: skip
def test_a_class_taken_from_among_others_by_position(before: str, call: str) -> None:
    """Keras 2 would take the second 3 for the strides."""
    head = "import random\nfrom collections import OrderedDict\nfrom keras.layers import Convolution2D\n\n"
    result = migrate_text(f"{head}{before}\n    layer = {call}(8, 3, 3)\n")

    assert result.failure is None
    assert result.after.endswith(f"\n    layer = {call}(8, (3, 3))\n")


@pytest.mark.parametrize("asked", ["type(layer) is Kind", "isinstance(layer, Kind)", "type(layer) == Kind"])
def test_a_variable_that_is_compared_gets_its_classes_elsewhere(asked: str) -> None:
    program = "from keras.layers import {0}, Dense\n\n\ndef wanted(layer):\n    return any({1} for Kind in (Dense, {0}))\n"
    result = migrate_text(program.format("Convolution2D", asked))

    assert result.after == program.format("Conv2D", asked)
    assert result.reviews == ()


def test_an_attribute_that_one_of_the_layers_has_not() -> None:
    """That one would fail in Keras 1, and is called otherwise in Keras 2, where a second run would not know it."""
    text = (
        "from keras.layers import Convolution1D, Deconvolution2D\n\n"
        "if flat:\n    layer = Convolution1D(4, 3)\n"
        "else:\n    layer = Deconvolution2D(4, 3, 3, (None, 4, 8, 8), border_mode='same', subsample=(2, 2))\n\n\n"
        "def size():\n    return layer.filter_length\n"
    )
    assert [(review.rule, review.position.line) for review in migrate_text(text).reviews] == [("KM601", 10)]
    result = migrate_text(text, settings=Settings(unsafe=True))
    assert "return layer.kernel_size[0]" in result.after
    assert migrate_text(result.after, settings=Settings(unsafe=True)).after == result.after
