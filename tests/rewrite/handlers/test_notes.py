"""Is what no text can hide told of the calls that it is about, and of no others?"""

from __future__ import annotations

import pytest

from kmigrate.api import migrate_text
from kmigrate.config import Settings

HEADER = """\
from keras import backend as K
from keras.datasets import imdb
from keras.layers import Activation, Dense, Dropout, Input, TimeDistributed
from keras.models import Model, Sequential
from keras.preprocessing.image import ImageDataGenerator

"""


def notes(program: str, to: str | None = None) -> str:
    result = migrate_text(HEADER + program, settings=Settings(to=to))
    assert result.failure is None
    return " ".join(note.text for note in result.notes)


def sequential(*layers: str, loss: str, metrics: str = "[]") -> str:
    adds = "".join(f"model.add({layer})\n" for layer in layers)
    return f"model = Sequential()\n{adds}model.compile('sgd', {loss!r}, metrics={metrics})\n"


SOFTMAX = "Dense(3, input_dim=2, activation='softmax')"
SIGMOID = "Dense(1, input_dim=2, activation='sigmoid')"


@pytest.mark.parametrize(
    "program",
    [
        sequential(SOFTMAX, loss="binary_crossentropy"),
        sequential(SIGMOID, loss="categorical_crossentropy"),
        sequential("Dense(3, input_dim=2)", "Activation('softmax')", "Dropout(0.5)", loss="binary_crossentropy"),
        sequential(f"TimeDistributed({SOFTMAX})", loss="binary_crossentropy"),
        "x = Input(shape=(2,))\ny = Dense(3)(x)\nz = Activation('softmax')(y)\nmodel = Model(input=x, output=z)\n"
        "model.compile('sgd', 'binary_crossentropy')\n",
    ],
)
def test_a_loss_on_another_activation(program: str) -> None:
    assert "Lambda(lambda t: t * 1.)" in notes(program)
    assert notes(program, to="2.3.1") == ""


@pytest.mark.parametrize(
    "program",
    [
        sequential(SIGMOID, loss="binary_crossentropy", metrics="['acc']"),
        sequential(SOFTMAX, loss="categorical_crossentropy", metrics="['accuracy']"),
        sequential(SOFTMAX, loss="mse"),
        "def build(model):\n    model.compile('sgd', 'binary_crossentropy')\n",
    ],
)
def test_nothing_is_told_of_other_losses(program: str) -> None:
    assert notes(program) == ""


def test_the_accuracy_of_several_labels() -> None:
    several = sequential("Dense(3, input_dim=2, activation='sigmoid')", loss="binary_crossentropy", metrics="['accuracy']")

    assert "K.round(y_pred)" in notes(several)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("ImageDataGenerator(rotation_range=20)", "copies the nearest pixel"),
        ("ImageDataGenerator(width_shift_range=2, height_shift_range=2)", "counts pixels"),
        ("ImageDataGenerator(channel_shift_range=2.)", "one number for an image"),
        ("ImageDataGenerator(rescale=1. / 255, horizontal_flip=True)", ""),
        ("ImageDataGenerator(rotation_range=0)", ""),
    ],
)
def test_moved_images(call: str, told: str) -> None:
    found = notes(f"images = {call}\n")

    assert told in found if told else found == ""


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("fit(x, y, sample_weight=w, nb_epoch=1)", True),
        ("fit(x, y, class_weight={0: 0., 1: 2.}, nb_epoch=1)", True),
        ("fit(x, y, class_weight={0: 1., 1: 2.}, nb_epoch=1)", False),
        ("train_on_batch(x, y, sample_weight=w)", True),
        ("evaluate(x, y, batch_size=3)", False),
    ],
)
@pytest.mark.parametrize("made", ["Sequential()", "Model(1, 2)"])
def test_weights_of_zero(call: str, told: bool, made: str) -> None:
    program = f"model = {made}\n\n\ndef run(x, y, w):\n    return model.{call}\n"

    assert ("weight" in notes(program)) is told
    assert notes(program, to="2.2.4") == ""


def test_samples_without_a_seed_are_an_old_fault() -> None:
    program = "x = imdb.load_data()\n"

    assert "without the seed" in notes(program, to="2.0.9")
    assert notes(program) == ""


def test_a_note_knows_its_places() -> None:
    result = migrate_text(HEADER + "first = ImageDataGenerator(zoom_range=.2)\nsecond = ImageDataGenerator(zoom_range=.3)\n")

    (note,) = result.notes
    assert [place.line for place in note.places] == [7, 8]


def test_metrics_that_a_caller_names() -> None:
    program = """\
NAMES = ['mse', 'accuracy']


def build(metrics=None, more=()):
    model = Sequential()
    model.compile('sgd', 'mse', metrics=metrics or [])
    return model


build(['mae'])
build(metrics=['acc', 'mape'])
other = build()
other.compile('sgd', 'mse', metrics=NAMES)
"""
    after = migrate_text(HEADER + program).after

    assert "NAMES = ['mean_squared_error', 'acc']" in after
    assert "build(['mean_absolute_error'])" in after
    assert "build(metrics=['acc', 'mean_absolute_percentage_error'])" in after
