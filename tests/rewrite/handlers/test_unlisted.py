"""Is a class told of the weights that it holds without listing them, and of no others?"""

from __future__ import annotations

import pytest

from kmigrate.api import migrate_text
from kmigrate.config import Settings

CLASS = """\
from keras import backend as K
from keras.layers import Dense, Dropout, Layer


class Mine(Layer):
    def build(self, input_shape):
{body}
        super(Mine, self).build(input_shape)

    def call(self, x, mask=None):
        return x
"""


def told(*body: str, to: str | None = None) -> list[str]:
    text = CLASS.format(body="\n".join(f"        {line}" for line in body))
    result = migrate_text(text, settings=Settings(to=to))
    assert result.failure is None
    return [note.text.partition(":")[0] for note in result.notes if note.rule == "KM766"]


@pytest.mark.parametrize(
    "line",
    ["self.a = K.variable(1.)", "self.a = K.zeros((3,))", "self.a = Dense(3)", "self.a = [Dense(3) for i in range(2)]"],
)
def test_what_is_not_listed_is_told(line: str) -> None:
    assert told(line) == ["self.a of `Mine`"]


@pytest.mark.parametrize(
    "lines",
    [
        ("self.a = Dropout(0.5)",),
        ("self.a = K.shape(input_shape)",),
        ("self.a = self.add_weight(shape=(3,), name='a')",),
        ("self.a = Dense(3)", "self.trainable_weights = self.a.trainable_weights"),
        ("self.a = [Dense(3)]", "for layer in self.a:", "    self.trainable_weights += layer.trainable_weights"),
        ("a = K.variable(1.)",),
    ],
)
def test_nothing_is_told_of_what_is_listed_or_has_no_weights(lines: tuple[str, ...]) -> None:
    assert told(*lines) == []


def test_nothing_is_told_for_versions_that_do_the_same() -> None:
    assert told("self.a = K.variable(1.)", to="2.2.4") == []
