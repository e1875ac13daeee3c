"""Is what is gone told of wherever it is spoken of, and in the same words by the next run?"""

from __future__ import annotations

import pytest
from fidelity import migrated

from kmigrate.results import State

PROGRAM = """\
from keras.utils import np_utils

y = np_utils.to_categorical(y, 3)
classes = np_utils.{name}(y)
"""


@pytest.mark.parametrize(("name", "rule"), [("probas_to_classes", "KM009"), ("categorical_probas_to_classes", "KM806")])
def test_a_gone_name_of_a_module_that_moved_keeps_its_review(name: str, rule: str) -> None:
    first = migrated(PROGRAM.format(name=name))
    again = migrated(first.after)

    assert "from keras import utils as np_utils" in first.after
    assert again.after == first.after
    assert [(review.rule, review.reason) for review in again.reviews] == [
        (review.rule, review.reason) for review in first.reviews
    ]
    assert [review.rule for review in first.reviews] == [rule]


EPSILON = """\
from keras import backend as K
from keras.backend.common import floatx, _EPSILON, reset_uids

small = K.common._EPSILON
print(floatx(), small)


def clipped(x, _EPSILON=_EPSILON):
    return max(x, _EPSILON)
"""


def test_a_variable_holds_what_a_call_gave_in_the_place_of_a_constant() -> None:
    after = migrated(EPSILON).after

    assert "small = K.epsilon()\nprint(floatx(), small)\n" in after
    assert after.endswith("def clipped(x, _EPSILON=epsilon()):\n    return max(x, _EPSILON)\n")


def test_an_unused_import_of_a_constant_that_became_a_call_goes() -> None:
    result = migrated("from keras.backend.common import floatx, _EPSILON, reset_uids\n\nprint(floatx())\n")

    assert result.failure is None
    assert result.after == "from keras.backend import floatx, reset_uids\n\nprint(floatx())\n"


def test_an_export_of_a_constant_that_became_a_call_is_left_to_a_person() -> None:
    result = migrated("from keras.backend.common import _EPSILON\n\n__all__ = ['_EPSILON']\n")

    assert result.after == result.before
    assert [review.rule for review in result.reviews] == ["KM422"]


def test_a_gone_layer_that_is_passed_on_is_reviewed() -> None:
    result = migrated("from keras import layers\n\npages = [layers.Dense, layers.Merge]\n")

    assert result.states[State.UNACCOUNTED] == 0
    assert [(review.rule, review.name) for review in result.reviews] == [("KM302", "keras.layers.Merge")]


PRIVATE = """\
from keras import backend as K
from keras.layers import pooling


class MaskedMax(pooling._GlobalPooling1D):
    def call(self, x, mask=None):
        return K.max(x, axis=1)
"""


def test_a_method_of_a_private_class_that_is_gone_is_accounted_for_by_the_review_of_the_class() -> None:
    result = migrated(PRIVATE)

    assert [review.position.line for review in result.reviews] == [5]
    assert not [use for use in result.uses if use.state is State.UNACCOUNTED]


@pytest.mark.parametrize(
    ("program", "name"),
    [
        ("from keras.models import *\ngraph = Graph()\n", "keras.models.Graph"),
        ("from keras.layers.core import *\n\n\nclass Mine(MaskedLayer):\n    pass\n", "keras.layers.core.MaskedLayer"),
        ("from keras.layers.recurrent import *\nlayer = JZS1(3, 4)\n", "keras.layers.recurrent.JZS1"),
    ],
)
def test_what_a_star_import_brought_in_an_older_keras(program: str, name: str) -> None:
    assert [review.name for review in migrated(program).reviews] == [name]


def test_a_name_that_is_bound_nowhere_is_none_of_an_older_keras() -> None:
    assert migrated("from keras.models import *\nprint(graph, MaskedLayer)\n").reviews == ()
