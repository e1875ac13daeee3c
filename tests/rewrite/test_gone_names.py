"""Is what is gone told of in the same words by the next run, which finds it in another module?"""

from __future__ import annotations

from fidelity import migrated

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
