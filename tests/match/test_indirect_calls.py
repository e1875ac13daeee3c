"""Are calls found that reach a class or method of Keras by what something holds?"""

from __future__ import annotations

import pytest

from kmigrate import migrate_text
from kmigrate.results import State

MODEL = "from keras.models import Sequential\nm = Sequential()\n"
HOLDER = """\
from keras.layers import Dense


class Net(object):
    {}

    def build(self):
        return self.{}(3, init='one')
"""


@pytest.mark.parametrize(
    ("program", "after"),
    [
        (MODEL + "fit = m.fit\nfit(x, y, nb_epoch=3)\n", "fit(x, y, epochs=3)"),
        (MODEL + "getattr(m, 'fit')(x, y, nb_epoch=3)\n", "getattr(m, 'fit')(x, y, epochs=3)"),
        (MODEL + "runs = {'fit': m.fit}\nruns['fit'](x, y, nb_epoch=3)\n", "runs['fit'](x, y, epochs=3)"),
        (HOLDER.format("layer = Dense", "layer"), "self.layer(3, kernel_initializer='ones')"),
        (HOLDER.format("kind = Dense", "kind"), "self.kind(3, kernel_initializer='ones')"),
        (
            HOLDER.format("def __init__(self):\n        self.output = Dense", "output"),
            "self.output(3, kernel_initializer='ones')",
        ),
    ],
)
def test_what_is_held_is_called_like_keras(program: str, after: str) -> None:
    result = migrate_text(program)
    assert after in result.after
    assert not result.reviews


def test_a_default_that_moved_is_written_into_the_call_of_a_method_that_is_held() -> None:
    assert migrate_text(MODEL + "fit = m.fit\nfit(x, y)\n").after.endswith("fit(x, y, epochs=10)\n")


def test_a_held_method_of_which_more_changes_is_left_to_a_person() -> None:
    program = MODEL + "run = m.fit_generator\nrun(batches, samples_per_epoch=100, nb_epoch=3)\n"
    result = migrate_text(program)
    assert result.after == program
    assert [(review.rule, review.position.line) for review in result.reviews] == [("KM367", 4)]


def test_a_member_that_a_subclass_sets_itself_is_one_use() -> None:
    program = (
        "from keras.models import Sequential\n\n\nclass Net(Sequential):\n    def prepare(self, other):\n"
        "        self.fit = Sequential().fit\n        self.fit(x, y, nb_epoch=3)\n"
    )
    uses = [use for use in migrate_text(program).uses if use.position.line == 7]
    assert [(use.name, use.state) for use in uses] == [("keras.models.Sequential.fit", State.CHANGED)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("class Net:\n    pass\n\nNet.layer = Dense\nNet.layer(output_dim=3)\n", "Net.layer(units=3)"),
        ("class Net:\n    Dense = Dense\n\nNet.Dense(output_dim=3)\n", "Net.Dense(units=3)"),
        ("class Net:\n    flat = staticmethod(K.expand_dims)\n\nNet.flat(x, dim=1)\n", "Net.flat(x, axis=1)"),
    ],
)
def test_classes_that_hold_names_of_keras(before: str, after: str) -> None:
    result = migrate_text(f"from keras import backend as K\nfrom keras.layers import Dense\n\n{before}")

    assert after in result.after


def test_a_partial_of_what_may_be_a_fallback_is_not_changed() -> None:
    text = (
        "from functools import partial\ntry:\n    from keras.layers import Dense\nexcept ImportError:\n    def Dense(init):\n"
        "        return init\nlayer = partial(Dense, init='zero')\n"
    )

    result = migrate_text(text)

    assert result.after == text
    assert [review.rule for review in result.reviews] == ["KM100"]
