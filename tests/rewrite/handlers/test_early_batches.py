"""Is a callback that makes the batches told that the first of them is made before its on_train_begin runs?"""

from __future__ import annotations

import pytest

from kmigrate import Settings, migrate_text

CALLBACK = """\
from keras.callbacks import Callback


class Batches(Callback):
    def on_train_begin(self, logs={}):
        self.position = 0

    def next(self):
        while True:
            yield x[self.position]
"""


@pytest.mark.parametrize(
    ("text", "to", "told"),
    [
        (CALLBACK, None, True),
        (CALLBACK, "2.15", True),
        (CALLBACK, "2.3", False),
        (CALLBACK.replace("x[self.position]", "x[0]"), None, False),
        (CALLBACK.replace("yield ", "return "), None, False),
        (CALLBACK.replace("    def next", "    def __init__(self):\n        self.position = 0\n\n    def next"), None, False),
        (CALLBACK.replace("(Callback)", "(object)"), None, False),
        (CALLBACK.replace("self.position = 0", "position = 0"), None, False),
    ],
)
def test_what_is_told(text: str, to: str | None, told: bool) -> None:
    result = migrate_text(text, settings=Settings(to=to))
    assert [note.rule for note in result.notes] == (["KM785"] if told else [])
    assert not result.reviews
