"""Is what is gone told of wherever it is spoken of, and in the same words by the next run?"""

from __future__ import annotations

from fidelity import migrated

from kmigrate.results import State

PROGRAM = """\
from keras.utils import np_utils

y = np_utils.to_categorical(y, 3)
classes = np_utils.categorical_probas_to_classes(y)
"""


def test_a_gone_name_of_a_module_that_moved_keeps_its_review() -> None:
    first = migrated(PROGRAM)
    again = migrated(first.after)

    assert "from keras import utils as np_utils" in first.after
    assert again.after == first.after
    assert [(review.rule, review.reason) for review in again.reviews] == [
        (review.rule, review.reason) for review in first.reviews
    ]
    assert [review.rule for review in first.reviews] == ["KM009"]


def test_a_gone_layer_that_is_passed_on_is_reviewed() -> None:
    result = migrated("from keras import layers\n\npages = [layers.Dense, layers.Merge]\n")

    assert result.states[State.UNACCOUNTED] == 0
    assert [(review.rule, review.name) for review in result.reviews] == [("KM302", "keras.layers.Merge")]
