"""Branches that give a mask: Keras 1 loses it at the Merge, and so does what is written."""

from __future__ import annotations

import pytest
from branch_texts import BRANCHES, MODEL, NESTED, migrated

MASKED = BRANCHES.replace("Dense(2, input_dim=4)", "Embedding(9, 3, mask_zero=True)")


@pytest.mark.parametrize(
    "last", ["LSTM(2)", "LSTM(2, return_sequences=False))\nright.add(Dropout(0.5)", "Bidirectional(LSTM(2), merge_mode='sum')"]
)
def test_a_mask_that_ends_in_the_branch_does_no_harm(last: str) -> None:
    branches = MASKED.replace("Dropout(0.5)", last, 1)
    after = migrated("from keras.layers import Bidirectional\n" + branches + MODEL).after

    assert "merged = concatenate(" in after


@pytest.mark.parametrize(
    "last",
    [
        "Dropout(0.5)", "LSTM(2, return_sequences=True)", "LSTM(2, return_sequences=whole)", "Bidirectional(LSTM(2, **more))",
        "Dropout(0.5))\nif big:\n    right.add(LSTM(2)",
    ],
)  # fmt: skip
def test_a_mask_that_may_reach_the_merge_ends_there(last: str) -> None:
    result = migrated("from keras.layers import Bidirectional\n" + MASKED.replace("Dropout(0.5)", last, 1) + MODEL)

    if "more" in last:
        assert "model.add(Merge(" in result.after
        return
    assert "merged = concatenate([left(merged_inputs[0]), Lambda(lambda t: 1 * t)(right(merged_inputs[1]))]" in result.after
    assert any("loses the mask of `right` at the Merge" in note.text for note in result.notes)


def test_a_shared_branch_loses_its_mask_once() -> None:
    after = migrated(MASKED + NESTED).after

    assert "right_output = Lambda(lambda t: 1 * t)(right(right_input))" in after
    assert after.count("Lambda(lambda") == 1


def test_masks_in_models_and_merges_below() -> None:
    model = NESTED.replace("[left, right]", "[left, Merge([right, left])]").replace("[inner, right]", "[inner, other]")
    other = "other = Sequential()\nother.add(Merge([words, Merge([words, Merge([right, left])])]))\n"
    words = "words = Sequential([Embedding(9, 2, mask_zero=True)])\n"
    result = migrated(MASKED + words + other + model.replace("inner.add(Dense(2))\n", ""))

    assert "Merge(" not in result.after
    assert result.after.count("Lambda(lambda t: 1 * t)(") == 2
    assert "outer = Model([left_input, right_input, words_input], merged_" in result.after


def test_masks_of_a_list() -> None:
    after = migrated(MASKED + "parts = [left]\nparts.append(right)\n" + MODEL.replace("[left, right]", "parts")).after

    assert "concatenate([Lambda(lambda t: 1 * t)(part(tensor)) for part, tensor in zip(parts, merged_inputs)]" in after


def test_weights_keep_their_order() -> None:
    saved = "model.save_weights('w')\n"

    assert "model = Model(" in migrated(MASKED + MODEL.replace("[left, right]", "[right, left]") + saved).after
    mixed = migrated(MASKED + MODEL + saved)
    assert "model.add(Merge(" in mixed.after
    assert any("another order" in review.reason for review in mixed.reviews)


@pytest.mark.parametrize("layer", ["Masking()", "Embedding(5, 3, mask_zero=True)"])
def test_a_mask_of_a_model_between_two_merges(layer: str) -> None:
    model = NESTED.replace("inner.add(Dense(2))", f"inner.add({layer})")
    result = migrated("from keras.layers import Masking\n" + BRANCHES + model)

    assert any("`inner` gives a mask" in review.reason for review in result.reviews)
