"""Branches and models that the tests of Merges take for granted."""

from __future__ import annotations

from kmigrate.api import migrate_text
from kmigrate.results import FileResult

BRANCHES = """\
from keras.layers import Dense, Dropout, Embedding, LSTM, Merge
from keras.models import Sequential

left = Sequential([Dense(2, input_dim=3)])
right = Sequential()
right.add(Dense(2, input_dim=4))
right.add(Dropout(0.5))
"""
MODEL = """\
model = Sequential()
model.add(Merge([left, right], mode='concat'))
model.add(Dense(1))
model.compile('sgd', 'mse')
"""


def migrated(text: str) -> FileResult:
    """What becomes of a text; it must not fail."""
    result = migrate_text(text)
    assert result.failure is None
    return result


NESTED = """\
inner = Sequential()
inner.add(Merge([left, right], mode='mul'))
inner.add(Dense(2))
outer = Sequential()
outer.add(Merge([inner, right], mode='concat'))
outer.add(Dense(1))
outer.compile('sgd', 'mse')
"""
