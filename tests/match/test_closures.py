"""Which functions read tensors of the graph around them?"""

from __future__ import annotations

import pytest

import kmigrate

PROGRAM = """\
from keras import backend as K
from keras.layers import Dense, Input
from keras.models import Model

def weighted(weight):
    def loss(y_true, y_pred):
        difference = y_true - y_pred
        return weight * K.mean(K.square(difference), axis=-1)
    return loss

def named(y_true, code):
    return K.sum([(code - item) for item in (y_true, y_true)][0], axis=-1)

def deep(y_true, y_pred):
    return K.sum(y_pred, axis=-1) + (lambda weight: weight * K.sum(code, axis=-1))(2)

x = Input(shape=(3,))
code = Dense(2)(x)
doubled = K.square(code)
size = K.int_shape(code)[1]
model = Model(x, Dense(3)(code))
model.compile('sgd', LOSS)
"""


@pytest.mark.parametrize(
    ("loss", "told"),
    [
        ("weighted(0.5)", False),
        ("named", False),
        ("deep", True),
        ("lambda y, p: K.sum(p - doubled)", True),
        ("lambda y, code: code - y", False),
        ("lambda y, p: p * size", False),
        ("'mse'", False),
    ],
)
def test_closures_over_tensors(loss: str, told: bool) -> None:
    result = kmigrate.migrate_text(PROGRAM.replace("LOSS", loss))
    assert any("beside the two that it is given" in note.text for note in result.notes) is told
