"""Sizes that `/` gives are floats on Python 3: Keras 1.2.2 takes those named here, Keras 2.0.9, 2.2.4 and 2.3.1 do not."""

import pytest

import kmigrate

SIZES = [
    "Dense(n / 2)",
    "Dense(3, input_dim=n / 2)",
    "Embedding(n / 2, 3)",
    "Embedding(3, n / 2)",
    "Input(shape=(n / 2,))",
    "Convolution1D(3, n / 2)",
    "Convolution2D(3, n / 2, 3)",
    "Convolution2D(3, 3, n / 2)",
    "Convolution3D(3, 3, n / 2, 3)",
    "AtrousConvolution2D(3, n / 2, 3)",
    "SeparableConvolution2D(3, n / 2, 3)",
    "Deconvolution2D(3, n / 2, 3, (None, 3, 3, 3))",
    "LSTM(3, input_dim=n / 2, input_length=4)",
    "GRU(3, input_dim=n / 2, input_length=4)",
    "SimpleRNN(3, input_dim=n / 2, input_length=4)",
]


@pytest.mark.parametrize("call", SIZES)
@pytest.mark.parametrize(("sign", "told"), [("/", True), ("//", False)])
def test_a_size_by_division_is_told(call: str, sign: str, told: bool) -> None:
    name = call.partition("(")[0]
    result = kmigrate.migrate_text(f"from keras.layers import {name}\n\n\ndef f(n):\n    return {call.replace('/', sign)}\n")
    assert any("Write // for it" in note.text for note in result.notes) is told
