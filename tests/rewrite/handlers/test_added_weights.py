"""What is told of the weights that add_weight makes now, in place of an initializer that was called?"""

from __future__ import annotations

import pytest

from kmigrate import migrate_text
from kmigrate.config import Settings

TENSOR, VECTOR, GAIN = "more than two axes", "weights of one axis", "gain 1.1"


@pytest.mark.parametrize(
    ("made", "told"),
    [
        ("initializations.glorot_uniform((4, 5, 6))", {TENSOR}),
        ("initializations.he_normal((4,))", {VECTOR, "truncated"}),
        ("initializations.lecun_uniform((4, 5))", set()),
        ("initializations.uniform((4, 5, 6))", set()),
        ("self.init((4, 5, 6))", {TENSOR}),
        ("self.init((4,), name='v')", {VECTOR}),
        ("self.init((4, 5))", set()),
        ("self.init(shape)", {TENSOR}),
        ("self.inner((4, 4))", {GAIN}),
        ("K.variable(self.init((4, 5, 6)))", {TENSOR}),
        ("K.zeros((4, 5, 6))", set()),
    ],
)
def test_the_scale_of_a_weight(made: str, told: set[str]) -> None:
    inner = "        self.inner = initializations.get(inner)\n" if "inner" in made else ""
    program = (
        "from keras import backend as K\nfrom keras import initializations\nfrom keras.layers import Layer\n\n\n"
        "class Mine(Layer):\n    def __init__(self, init='glorot_uniform', inner='orthogonal', **kwargs):\n"
        f"        self.init = initializations.get(init)\n{inner}        super(Mine, self).__init__(**kwargs)\n\n"
        f"    def build(self, shape):\n        self.weight = {made}\n        self.trainable_weights = [self.weight]\n"
    )
    result = migrate_text(program)

    assert (result.failure, result.reviews) == (None, ())
    assert "self.weight = self.add_weight(shape=" in result.after
    texts = [note.text for note in result.notes]
    assert {phrase for phrase in (TENSOR, VECTOR, GAIN, "truncated") if any(phrase in text for text in texts)} == told


def test_older_targets_draw_a_vector_as_keras_1_does() -> None:
    program = (
        "from keras import initializations\nfrom keras.layers import Layer\n\n\nclass Mine(Layer):\n"
        "    def build(self, shape):\n        self.weight = initializations.glorot_uniform((4,))\n"
        "        self.trainable_weights = [self.weight]\n"
    )
    assert migrate_text(program).notes
    assert not migrate_text(program, settings=Settings(to="2.3.1")).notes
