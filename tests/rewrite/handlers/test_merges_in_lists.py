"""Merges that open a list of layers, or stand in the list of another Merge."""

from __future__ import annotations

import pytest
from branch_texts import BRANCHES, MODEL, NESTED, migrated

from kmigrate.api import migrate_text

LISTED = "model = Sequential([Merge([left, right], mode='sum'), Dense(3)])\nmodel.compile('sgd', 'mse')\n"


@pytest.mark.parametrize(
    ("model", "lines"),
    [
        (LISTED, ["merged = Dense(3)(merged)", "model = Model(merged_inputs, merged)"]),
        (LISTED.replace(", Dense(3)", ""), ["model = Model(merged_inputs, merged)"]),
        (LISTED.replace(")])", "), ], name='n')"), ["model = Model(merged_inputs, merged, name='n')"]),
        ("hidden = Dense(3)\n" + LISTED.replace("Dense(3)]", "hidden]"), ["merged = hidden(merged)"]),
        ("n = 1; " + LISTED, [
            "n = 1; merged_inputs = [Input(batch_shape=left.input_shape), Input(batch_shape=right.input_shape)]; "
            "merged = add([left(merged_inputs[0]), right(merged_inputs[1])]); merged = Dense(3)(merged); "
            "model = Model(merged_inputs, merged)",
        ]),
        (
            "join = Merge([left, right])\n" + LISTED.replace("Merge([left, right], mode='sum')", "join"),
            ["join = add([left(merged_inputs[0]), right(merged_inputs[1])])", "join = Dense(3)(join)"],
        ),
    ],
)  # fmt: skip
def test_a_list_of_layers_that_a_merge_opens(model: str, lines: list[str]) -> None:
    result = migrated(BRANCHES + model)

    assert result.reviews == ()
    for line in lines:
        assert line in result.after.splitlines()
    assert migrate_text(result.after).after == result.after


@pytest.mark.parametrize(
    ("model", "says"),
    [
        (LISTED.replace("[Merge", "[  # first\nMerge"), "a comment stands inside"),
        (LISTED.replace("'sum')", "'sum'  # all\n)"), "a comment stands inside"),
        (LISTED.replace("Dense(3)", "(Dense(3))"), "a comment stands inside"),
        ("n = 1; " + LISTED.replace("'sum'), ", "'sum'),  # all\n"), "share a line"),
        (LISTED.replace("Dense(3)", "*more"), "not everything that `model` lists"),
        (LISTED.replace("Dense(3)]", "Dense(3)] + more"), "made with other arguments"),
        (LISTED.replace("model = ", "model = other = "), "not added to a Sequential by a statement of its own"),
        (LISTED.replace("Dense(3)]", "Dense(3)], NAME"), "made with other arguments"),
        (LISTED.replace("Dense(3)]", "Dense(3)], name=NAME"), "made with other arguments"),
        (LISTED.replace("Merge([left, right], mode='sum'), Dense(3)", "Dense(3), Merge([left, right])"), "statement of its own"),
        (LISTED + "model.pop()\n", "used in another way"),
        (LISTED + "print(model.model)\n", "used in another way"),
    ],
)
def test_lists_of_layers_that_are_left_to_a_person(model: str, says: str) -> None:
    result = migrated(BRANCHES + model)

    assert "Merge([left, right]" in result.after
    assert any(review.rule == "KM304" and says in review.reason for review in result.reviews)


DIRECT = MODEL.replace("[left, right]", "[Merge([left, right], mode='mul'), right]")


def test_a_merge_in_a_merge() -> None:
    result = migrated(BRANCHES + DIRECT)

    assert result.after.splitlines()[-7:] == [
        "left_input = Input(batch_shape=left.input_shape)",
        "right_input = Input(batch_shape=right.input_shape)",
        "right_output = right(right_input)",
        "merged = concatenate([multiply([left(left_input), right_output]), right_output], axis=-1)",
        "merged = Dense(1)(merged)",
        "model = Model([left_input, right_input], merged)",
        "model.compile('sgd', 'mse')",
    ]
    assert not any("learns more slowly" in note.text for note in result.notes)


@pytest.mark.parametrize(
    ("model", "says"),
    [
        (DIRECT.replace("mode='mul'", "mode='cos'"), "has no function"),
        (DIRECT.replace("mode='mul'", "mode=f"), "no literal"),
        (DIRECT + "model.save_weights('w')\n", "another order"),
        (DIRECT.replace("[Merge(", "[Merge([Merge([right, left]), left]), Merge(") + "model.get_weights()\n", "another order"),
        (NESTED.replace("[left, right]", "[Merge([Merge([left, right]), right]), right]"), "does not train `left`"),
        (NESTED + "inner.add(Dense(3))\n", "`inner` may grow"),
        (NESTED.replace("inner = Sequential()", "inner = Sequential(name='inner')"), "a name of its own"),
    ],
)
def test_merges_in_merges_that_are_left_to_a_person(model: str, says: str) -> None:
    result = migrated(BRANCHES + model)

    assert ".add(Merge([" in result.after
    assert any(review.rule == "KM304" and says in review.reason for review in result.reviews)


def test_what_keras_1_trains_twice_is_told() -> None:
    result = migrated(BRANCHES + NESTED)

    assert [note.affects for note in result.notes if "`right` several times" in note.text] == [("training",)]
