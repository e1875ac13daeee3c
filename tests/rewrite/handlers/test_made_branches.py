"""Branches of a Merge that calls make: of Sequential, or of a function whose models can be seen."""

from __future__ import annotations

import pytest
from branch_texts import BRANCHES, MODEL, migrated

from kmigrate.api import migrate_text

MAKE = BRANCHES + """\
def make(width, wide=False):
    made = Sequential()
    made.add(Dense(2, input_dim=width))
    return made
"""


@pytest.mark.parametrize(
    ("branches", "lines"),
    [
        ("[make(3), make(4)]", [
            "branch_1 = make(3)",
            "branch_2 = make(4)",
            "merged_inputs = [Input(batch_shape=branch_1.input_shape), Input(batch_shape=branch_2.input_shape)]",
            "merged = concatenate([branch_1(merged_inputs[0]), branch_2(merged_inputs[1])], axis=-1)",
        ]),
        ("[left, Sequential([Dense(output_dim=2, input_dim=3)])]", [
            "branch_1 = Sequential([Dense(units=2, input_dim=3)])",
            "merged = concatenate([left(merged_inputs[0]), branch_1(merged_inputs[1])], axis=-1)",
        ]),
        ("[left, Merge([make(3), left])]", [
            "branch_1 = make(3)",
            "left_input = Input(batch_shape=left.input_shape)",
            "merged = concatenate([left_output, add([branch_1(branch_1_input), left_output])], axis=-1)",
            "model = Model([left_input, branch_1_input], merged)",
        ]),
    ],
)  # fmt: skip
def test_branches_get_names_before_they_are_merged(branches: str, lines: list[str]) -> None:
    result = migrated(MAKE + MODEL.replace("[left, right]", branches))

    assert result.reviews == ()
    written = result.after.splitlines()
    assert [line for line in written if line in lines] == lines
    assert migrate_text(result.after).after == result.after


def test_names_are_numbered_through_the_module() -> None:
    after = migrated(
        MAKE
        + "branch_2 = 3\n"
        + MODEL.replace("[left, right]", "[make(3), make(4)]")
        + MODEL.replace("[left, right]", "[make(5), left]").replace("model", "other")
    ).after

    assert "branch_1 = make(3)\nbranch_2_ = make(4)\n" in after
    assert "branch_3 = make(5)\n" in after


def test_a_branch_that_a_function_made_may_grow() -> None:
    result = migrated(MAKE + "left = make(3)\nleft.add(Dropout(0.5))\n" + MODEL)

    assert "merged = concatenate([left(merged_inputs[0]), right(merged_inputs[1])], axis=-1)" in result.after


@pytest.mark.parametrize(
    ("function", "says"),
    [
        ("def make(n):\n    m = Sequential()\n    keep(m)\n    m.add(Dense(2))\n    return m\n", "can't be seen"),
        ("def make(n):\n    m = Sequential()\n    made.append(m)\n    m.add(Dense(2))\n    return m\n", "can't be seen"),
        ("def make(n):\n    m = Sequential([Dense(2)])\n    m.layers.pop()\n    return m\n", "can't be seen"),
        ("def make(n):\n    m = Sequential([Dense(2)])\n    m.pop()\n    return m\n", "can't be seen"),
        ("def make(n):\n    m = Sequential()\n    m.add(n)\n    return m\n", "made elsewhere"),
        ("def make(n):\n    m = Sequential()\n    m.add(n())\n    return m\n", "can't be seen through"),
        ("def make(n):\n    return Sequential([Dense(2, W_regularizer=n)])\n", "leaves out"),
        (
            "def make(n):\n    m = Sequential([Embedding(9, 2, mask_zero=True)])\n    if n:\n        return m\n"
            "    m.add(LSTM(2))\n    return m\n", "can't be seen",
        ),
        ("m = Sequential([Dense(2)])\ndef make(n):\n    return m\n", "can't be seen"),
        ("def make(n):\n    global m\n    m = Sequential([Dense(2)])\n    return m\n", "can't be seen"),
        ("def make(n):\n    return Sequential()\n", "can't be seen"),
        ("def make(n):\n    return Sequential([Dense(2)]) if n else None\n", "may be something else"),
        ("def make(n):\n    return Sequential([Dense(2)]), n\n", "may be something else"),
        ("@cached\ndef make(n):\n    return Sequential([Dense(2)])\n", "may be something else"),
        ("def make(n):\n    m = Sequential()\n    m.add(Merge([left, right]))\n    return m\n", "holds a layer that"),
        ("def make(n):\n    return make(n - 1)\n", ""),
    ],
)
def test_functions_whose_models_may_be_others(function: str, says: str) -> None:
    text = BRANCHES + function + "one, two = 1, 2\n" + MODEL.replace("[left, right]", "[left, make(one)]")
    result = migrated(text)

    assert "model.add(Merge([left, make(one)]" in result.after
    assert any(review.rule == "KM304" for review in result.reviews)
    named = migrated(BRANCHES + function + "right = make(1)\n" + MODEL)
    assert "model.add(Merge([left, right]" in named.after
    assert any(review.rule == "KM304" and says in review.reason for review in named.reviews)


def test_calls_are_not_moved_behind_other_statements() -> None:
    named = "join = Merge([make(3), left])\nmodel = Sequential()\nmodel.add(join)\n"
    moved = migrated(MAKE + named.replace("model = ", "count()\nmodel = "))

    assert "branch_1 = make(3)\n" in migrated(MAKE + named).after
    assert any("other statements follow" in review.reason for review in moved.reviews)
    assert "join = Merge(" in moved.after
