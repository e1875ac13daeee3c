"""Does what is remembered of calls of one form stay true for the calls of that form that come later?"""

from __future__ import annotations

import pytest

from kmigrate import migrate_text
from kmigrate.results import State

LAYERS = "from keras.layers import Dense, Dropout, Convolution2D, BatchNormalization, Input\nfrom keras.regularizers import l2\n"


def after(text: str) -> str:
    """The migrated text, without the imports."""
    return migrate_text(LAYERS + text).after.split("\n")[-2]


@pytest.mark.parametrize(
    "calls",
    [
        {
            "x = Dense(3, init='uniform')": "x = Dense(3, kernel_initializer='uniform')",
            "x = Dense(3, init=init)": "x = Dense(3, kernel_initializer=init)",
            "x = Dense(3, init='relu')": "x = Dense(3, init='relu')",  # an activation: this speaks Keras 2
        },
        {
            "x = Convolution2D(8, 3, 3)": "x = Conv2D(8, (3, 3))",
            "x = Convolution2D(8, (3, 3), (1, 1))": "x = Convolution2D(8, (3, 3), (1, 1))",  # this too
        },
        {
            "x = BatchNormalization(mode=0)": "x = BatchNormalization()",
            "x = BatchNormalization(mode=2)": "x = BatchNormalization(mode=2)",
        },
        {"x = Dropout(0.5)": "x = Dropout(0.5)", "x = Dropout(p=0.5)": "x = Dropout(rate=0.5)"},
        {"x = l2(0.1)": "x = l2(0.1)", "x = l2(l=0.1)": "x = l2(0.1)"},
    ],
)  # fmt: skip
def test_values_still_matter(calls: dict[str, str]) -> None:
    for call in (*calls, *reversed(calls)):
        assert after(call + "\n") == calls[call], call


def test_a_call_of_a_partial_object_may_lack_what_a_call_of_the_same_form_needs() -> None:
    call = "(kernel_initializer='he_normal')\n"
    result = migrate_text(f"from functools import partial\n{LAYERS}Dense{call}eight = partial(Dense, 8)\neight{call}")
    assert {use.position.line: use.state for use in result.uses if call[1:4] in result.before[use.start : use.end]} == {
        4: State.REVIEW, 6: State.ALREADY,
    }  # fmt: skip
