"""Is a person told of metrics that reduce a batch by themselves, and of no others?"""

from __future__ import annotations

import pytest

from kmigrate.api import migrate_text
from kmigrate.config import Settings

PROGRAM = """\
from keras import backend as K, metrics
from keras.layers import Dense
from keras.models import Sequential


def score(y_true, y_pred):
    {body}


model = Sequential([Dense(2, input_dim=3)])
model.compile('sgd', 'mse', metrics=[score])
"""


def told(body: str, to: str | None = None) -> bool:
    result = migrate_text(PROGRAM.format(body=body), settings=Settings(to=to))
    assert result.failure is None
    return any("one number for a batch" in note.text for note in result.notes)


@pytest.mark.parametrize(
    "body",
    [
        "return K.mean(y_pred)",
        "return 1 - K.sqrt(K.sum(y_true) / 2)",
        "total = K.sum(y_true)\n    return total / K.max(y_pred)",
        "return K.sqrt(metrics.mse(y_true, y_pred))",
        "error = metrics.mae(y_true, y_pred)\n    return 1 - error",
    ],
)
def test_one_number_is_told(body: str) -> None:
    assert told(body)


@pytest.mark.parametrize(
    "body",
    [
        "return K.mean(y_pred, axis=-1)",
        "return y_true - y_pred",
        "return metrics.mse(y_true, y_pred)",
        "return K.mean(y_pred) * y_true",
        "return 0",
        "pass",
        "if y_true.dtype == 'int32':\n        y_pred = K.mean(y_pred)\n    return y_pred",
    ],
)
def test_one_number_a_sample_is_not(body: str) -> None:
    assert not told(body)


def test_versions_that_weigh_the_batches_are_not_told_of() -> None:
    assert not told("return K.mean(y_pred)", to="2.2.4")


@pytest.mark.parametrize(
    ("metrics", "to", "reviewed"),
    [
        ("[metrics.mse, metrics.mean_squared_error]", None, True),
        ("['mean_squared_error', metrics.MSE]", None, True),
        ("['mse', 'mae', 'mse']", None, True),
        ("[score, 'acc', score]", "2.3", True),
        ("{'dense_1': ['mse', 'mse']}", None, True),
        ("['mse', 'mean_squared_error', 'acc', 'accuracy', metrics.mae]", None, False),
        ("['mse', 'mse']", "2.2", False),
        ("['mse', 'mae', score, 'acc']", None, False),
        ("[unknown, other]", None, False),
    ],
)
def test_a_metric_that_comes_twice_is_left_to_a_person(metrics: str, to: str | None, reviewed: bool) -> None:
    program = PROGRAM.format(body="return K.abs(y_true - y_pred)").replace("[score]", metrics)
    program = program.replace("import backend as K", "import backend as K, metrics")
    result = migrate_text(program, settings=Settings(to=to))
    assert any("is in the list twice" in review.reason for review in result.reviews) is reviewed


MAKER = """
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential


def rated(beta):
    def score(y_true, y_pred):
        return beta * K.abs(y_true - y_pred)
    {naming}
    return score


model = Sequential([Dense(1, input_dim=2)])
model.compile('sgd', 'mse', metrics=[rated(1), rated(2)])
"""


@pytest.mark.parametrize(
    ("naming", "reviewed"), [("pass", True), ("score.__name__ = 'score_%d' % beta", False), ("other.__name__ = 'score'", True)]
)
def test_functions_of_one_maker_come_twice_unless_each_gets_a_name_of_its_own(naming: str, reviewed: bool) -> None:
    result = migrate_text(MAKER.format(naming=naming))
    assert any("is in the list twice" in review.reason for review in result.reviews) is reviewed
