"""Programs that show the ordering by nothing but the shape of their images are told that Keras 2 reads another key."""

from __future__ import annotations

import pytest

from kmigrate.api import migrate_text as migrate

HEAD = (
    "from keras.layers import Convolution2D, Convolution3D, Flatten, Input, LSTM, Lambda, Layer, Permute\n"
    "from keras import backend as K\n"
)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("x = Input((3, 64, 80))\ny = Convolution2D(4, 3, 3)(x)\n", 3),
        ("x = Input(shape=(1, rows, columns))\ny = Convolution2D(4, 3, 3)(x)\n", 3),
        ("size = (3, 64, 80)\nx = Input(size)\ny = Convolution2D(4, 3, 3)(x)\n", 4),
        ("x = Convolution2D(4, 3, 3, input_shape=(3, 64, 80))\ny = Convolution2D(4, 3, 3, input_shape=(3, 64, 80))\n", 3),
        ("def net(shape=(1, 32, 32)):\n    return Convolution2D(4, 3, 3, input_shape=shape)\n", 4),
        ("def net(shape):\n    return Convolution2D(4, 3, 3, input_shape=shape)\nnet((3, 64, 80))\n", 4),
        ("def one(shape, dim_ordering='th'): pass\nx = Convolution2D(4, 3, 3, input_shape=(3, 64, 80))\n", 4),
        ("# K.set_image_dim_ordering('th')\nx = Convolution2D(4, 3, 3, input_shape=(3, 64, 80))\n", 4),
        ("x = Convolution3D(4, 3, 3, 3, input_shape=(3, 16, 64, 80))\n", 3),
        ("x = Convolution2D(4, 3, 3, batch_input_shape=(8, 3, 64, 80))\ny = Flatten()\n", 3),
        ("x = Convolution2D(4, 3, 3, input_shape=(4, 84, 84))\n", 3),
        ("x = Lambda(abs, input_shape=(3, 64, 80))\ny = Convolution2D(4, 3, 3)\n", 3),
        ("x = Layer(batch_input_shape=(8, 3, 64, 80))\ny = Convolution2D(4, 3, 3)\n", 3),
        ("x = Convolution2D(4, 3, 3, input_shape=(img_channels, rows, columns))\n", 3),
        ("class Net(object):\n    def made(self):\n        return Convolution2D(4, 3, 3, input_shape=(self.n_chan, a, b))\n", 5),
        ("def net(channels):\n    return Convolution2D(4, 3, 3, input_shape=(channels, 61, 61))\n", 4),
    ],
)
def test_told_once_where_the_shape_stands(text: str, line: int) -> None:
    notes = [note for note in migrate(HEAD + text).notes if "image_data_format" in note.text]
    assert [[place.line for place in note.places] for note in notes] == [[line]]


@pytest.mark.parametrize(
    "text",
    [
        "x = Input((64, 80, 3))\ny = Convolution2D(4, 3, 3)(x)\n",
        "x = Input((3, 64, 80))\ny = LSTM(4)(x)\n",
        "x = Lambda(abs, input_shape=(3, 64, 80))\ny = LSTM(4)\n",
        "x = Lambda(abs, input_shape=(64, 80, 3))\ny = Convolution2D(4, 3, 3)\n",
        "x = Permute((2, 3, 1), input_shape=(3, 64, 80))\ny = Convolution2D(4, 3, 3)\n",
        "x = Convolution2D(4, 3, 3, input_shape=(3, 64, 80), dim_ordering='th')\n",
        "K.set_image_dim_ordering('th')\nx = Convolution2D(4, 3, 3, input_shape=(3, 64, 80))\n",
        "def net(dim_ordering):\n    x = Input((3, 64, 80))\n    return Convolution2D(4, 3, 3)(x)\n",
        "x = Convolution2D(4, 3, 3, input_shape=(3, 64, 3))\n",
        "x = Convolution2D(4, 3, 3, input_shape=shape)\n",
        "x = Convolution2D(4, 3, 3, input_shape=(56, 64, 64))\n",
        "x = Convolution2D(4, 3, 3, input_shape=(8, 8, 8))\n",
        "x = Convolution2D(4, 3, 3, input_shape=(rows, columns, channels))\n",
        "x = Convolution2D(4, 3, 3, input_shape=(channels, rows, other_channels))\n",
        "channels = 64\nx = Convolution2D(4, 3, 3, input_shape=(channels, rows, columns))\n",
        "x = Convolution2D(4, 3, 3, input_shape=(None, 64, 64))\n",
    ],
)
def test_not_told_where_the_text_says_or_shows_something_else(text: str) -> None:
    assert not [note for note in migrate(HEAD + text).notes if "from another file" in note.text]


def test_files_of_keras_2_are_told_nothing() -> None:
    text = "from keras.layers import Conv2D, Input, MaxPooling2D\ny = MaxPooling2D()(Conv2D(4, (3, 3))(Input((3, 64, 80))))\n"
    assert not migrate(text).notes
