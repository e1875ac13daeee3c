"""A Merge at the head of a Sequential: rewritten in its plain shape, left to a person in every other."""

from __future__ import annotations

import pytest
from branch_texts import BRANCHES, MODEL, NESTED, migrated

from kmigrate.api import migrate_text


def test_inputs_keep_their_order_and_uses_stay() -> None:
    after = migrated(BRANCHES + MODEL + "model.fit([a, b], y, nb_epoch=2)\n").after

    assert after.splitlines()[-7:] == [
        "right.add(Dropout(0.5))",
        "merged_inputs = [Input(batch_shape=left.input_shape), Input(batch_shape=right.input_shape)]",
        "merged = concatenate([left(merged_inputs[0]), right(merged_inputs[1])], axis=-1)",
        "merged = Dense(1)(merged)",
        "model = Model(merged_inputs, merged)",
        "model.compile('sgd', 'mse')",
        "model.fit([a, b], y, epochs=2)",
    ]


@pytest.mark.parametrize(
    ("mode", "function"),
    [
        ("", "add("),
        (", 'mul'", "multiply("),
        (", mode='ave'", "average("),
        (", mode='max'", "maximum("),
        (", mode='dot', dot_axes=1", "dot("),
    ],
)
def test_each_mode_has_its_function(mode: str, function: str) -> None:
    result = migrated(BRANCHES + MODEL.replace(", mode='concat'", mode))

    assert f"merged = {function}[left(" in result.after
    assert result.reviews == ()


def test_predictions_of_a_sequential_follow() -> None:
    result = migrated(BRANCHES + MODEL + "p = model.predict_proba([a, b])\nc = model.predict_classes([a, b])\n")

    assert "model = Model(merged_inputs, merged)" in result.after
    assert "p = model.predict([a, b])" in result.after
    assert "(model.predict([a, b]))" in result.after
    assert migrate_text(result.after).after == result.after


AGAIN = NESTED.replace("outer", "other").split("inner.add(Dense(2))\n")[1]


def test_a_merged_model_becomes_a_tensor_and_a_shared_branch_is_applied_once() -> None:
    after = migrated(BRANCHES + NESTED + "outer.fit([a, b], y, nb_epoch=2)\n").after

    assert after.splitlines()[-10:] == [
        "left_input = Input(batch_shape=left.input_shape)",
        "right_input = Input(batch_shape=right.input_shape)",
        "right_output = right(right_input)",
        "inner = multiply([left(left_input), right_output])",
        "inner = Dense(2)(inner)",
        "merged_2 = concatenate([inner, right_output], axis=-1)",
        "merged_2 = Dense(1)(merged_2)",
        "outer = Model([left_input, right_input], merged_2)",
        "outer.compile('sgd', 'mse')",
        "outer.fit([a, b], y, epochs=2)",
    ]


def test_two_models_get_names_of_their_own() -> None:
    after = migrated(BRANCHES + MODEL + MODEL.replace("model", "other") + "merged = 1\n").after

    assert "model = Model(merged_inputs, merged_)" in after
    assert "other = Model(merged_inputs_2, merged_2)" in after


def test_a_word_for_model_that_is_taken_is_not_used() -> None:
    after = migrated(BRANCHES + "class Model(object):\n    pass\n" + MODEL).after

    assert "model = Model(" not in after
    assert "(merged_inputs, merged)" in after


@pytest.mark.parametrize(
    ("branches", "model", "says"),
    [
        pytest.param(BRANCHES, MODEL + "print(model.layers)\n", "used in another way", id="layers"),
        pytest.param(BRANCHES, MODEL + "plot(model)\n", "used in another way", id="escapes"),
        pytest.param(BRANCHES, MODEL + "model.load_weights(f, by_name=True)\n", "by name", id="by name"),
        pytest.param(BRANCHES, MODEL + "model.add(Dense(2))\n", "before it is complete", id="later"),
        pytest.param(BRANCHES, MODEL.replace("'concat'", "'cos'"), "has no function", id="cosine"),
        pytest.param(BRANCHES, MODEL.replace("'concat'", "MODE"), "no literal", id="variable mode"),
        pytest.param(BRANCHES, MODEL.replace("[left, right]", "parts"), "not written out", id="a list"),
        pytest.param(
            BRANCHES, MODEL.replace("model.add(Dense(1))", "if big:\n    model.add(Dense(1))"), "same block", id="if"
        ),
        pytest.param(
            BRANCHES.replace("input_dim=4", "input_dim=4, W_regularizer='l2'"), MODEL, "leaves out", id="penalty"
        ),
        pytest.param(BRANCHES + "fill(left)\n", MODEL, "can't be seen", id="filled elsewhere"),
        pytest.param(BRANCHES, MODEL + "left.add(Dense(2))\n", "may grow", id="grows later"),
        pytest.param(
            BRANCHES + "def wider():\n    left.add(Dense(2))\nwider()\n", MODEL, "may grow", id="grows in a function"
        ),
        pytest.param(
            BRANCHES,
            "for n in sizes:\n    left.add(Dense(n))\n" + "".join(f"    {line}\n" for line in MODEL.splitlines()),
            "may grow", id="grows from model to model",
        ),
        pytest.param(
            "from keras.layers import TimeDistributed\n"
            + BRANCHES.replace("Dropout(0.5)", "TimeDistributed(Dense(2, W_regularizer='l2'))"),
            MODEL, "leaves out", id="penalty at each step",
        ),
        pytest.param(
            "from keras.layers import Bidirectional\n"
            + BRANCHES.replace("Dropout(0.5)", "Bidirectional(LSTM(2, W_regularizer='l2'), merge_mode='sum')"),
            MODEL, "leaves out", id="penalty both ways",
        ),
        pytest.param(
            "from keras.layers import Bidirectional\n" + BRANCHES.replace("Dropout(0.5)", "Bidirectional(cell)"),
            MODEL, "made elsewhere", id="an unseen layer both ways",
        ),
    ],
)
def test_other_shapes_are_left_to_a_person(branches: str, model: str, says: str) -> None:
    result = migrated(branches + model)

    assert "model.add(Merge(" in result.after
    assert any(review.rule == "KM304" and says in review.reason for review in result.reviews)


@pytest.mark.parametrize(
    ("model", "says"),
    [
        pytest.param(NESTED + "print(inner)\n", "another way than as a branch", id="escapes"),
        pytest.param(NESTED + AGAIN, "more than one place", id="two"),
        pytest.param(NESTED.replace("Dense(2)", "Dense(2, W_regularizer='l2')"), "leaves out", id="penalty"),
        pytest.param("left_input = 3\n" + NESTED, "is taken", id="a name"),
        pytest.param(
            NESTED.replace("[inner, right]", "[left, inner]").replace("[left, right]", "[right, right]")
            + "outer.save_weights('w.h5')\n", "another order", id="order",
        ),
    ],
)  # fmt: skip
def test_nested_merges_that_are_left_to_a_person(model: str, says: str) -> None:
    result = migrated(BRANCHES + model)

    assert "outer.add(Merge(" in result.after
    assert any(review.rule == "KM304" and says in review.reason for review in result.reviews)


def test_merge_and_list_may_have_names() -> None:
    named = MODEL.replace("model = Sequential()", "pair = [left, right]\njoin = Merge(pair, mode='concat')\nmodel = Sequential()")
    after = migrated(BRANCHES + named.replace("Merge([left, right], mode='concat'))", "join)")).after

    assert after.splitlines()[-5:-1] == [
        "merged_inputs = [Input(batch_shape=left.input_shape), Input(batch_shape=right.input_shape)]",
        "join = concatenate([left(merged_inputs[0]), right(merged_inputs[1])], axis=-1)",
        "join = Dense(1)(join)",
        "model = Model(merged_inputs, join)",
    ]


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        ("pair = [left]\npair.extend([right])\n", "may grow or change, or is used elsewhere"),
        ("pair = [left, right]\nfor branch in pair:\n    branch.add(Dense(3))\n", "may grow or change"),
        ("pair = [left, right]  # both\nif wide:\n    pair = [right, left]\n", "is not written out"),
        ("pair = make(left, right)\n", "is not written out"),
    ],
)
def test_a_list_that_may_hold_others(before: str, reason: str) -> None:
    result = migrated(BRANCHES + before + MODEL.replace("[left, right]", "pair"))

    assert result.after == BRANCHES + before + MODEL.replace("[left, right]", "pair")
    assert any(reason in review.reason for review in result.reviews)


@pytest.mark.parametrize(
    ("between", "reason"),
    [
        ("left = Sequential([Dense(9, input_dim=3)])\n", "`left` may be something else where the Merge is added"),
        ("keep(join)\n", "not added to a Sequential by a statement of its own"),
        ("model.add(Dense(3, input_dim=2))\n", "the Merge does not come first"),
    ],
)
def test_a_named_merge_that_may_be_another(between: str, reason: str) -> None:
    made = "model = Sequential()\njoin = Merge([left, right], mode='concat')\n" + between
    result = migrated(BRANCHES + made + "model.add(join)\nmodel.compile('sgd', 'mse')\n")

    assert any(reason in review.reason for review in result.reviews)
    assert not [change for change in result.changes if change.rule == "KM304"]


def test_a_model_that_is_an_attribute() -> None:
    result = migrated(BRANCHES + MODEL.replace("model", "net.model"))

    assert any("added to `net.model`, which code elsewhere" in review.reason for review in result.reviews)


def test_branches_that_another_list_may_change() -> None:
    result = migrated(BRANCHES + "for branch in [left, right]:\n    branch.add(Dense(2))\n" + MODEL)

    assert any("its layers can't be seen" in review.reason for review in result.reviews)


@pytest.mark.parametrize("given", ["path", "filepath=path"])
def test_weights_of_a_file_are_loaded(given: str) -> None:
    after = migrated(BRANCHES + MODEL + f"model.load_weights({given})\n").after

    assert "model = Model(merged_inputs, merged)" in after
    assert f"model.load_weights({given})" in after


@pytest.mark.parametrize("given", ["path, True", "filepath=path, by_name=True", "path, by_name=flag", "**options"])
def test_weights_that_may_be_loaded_by_name(given: str) -> None:
    result = migrated(BRANCHES + MODEL + f"model.load_weights({given})\n")

    assert any("loaded by name" in review.reason for review in result.reviews)


ONE_LINE = "model = Sequential(); model.add(Merge([left, right], mode='sum')); model.add(Dense(1)); model.compile('sgd', 'mse')\n"


def test_statements_may_share_a_line() -> None:
    after = migrated(BRANCHES + "if True: " + ONE_LINE).after

    assert after.splitlines()[-1] == (
        "if True: merged_inputs = [Input(batch_shape=left.input_shape), Input(batch_shape=right.input_shape)]; "
        "merged = add([left(merged_inputs[0]), right(merged_inputs[1])]); merged = Dense(1)(merged); "
        "model = Model(merged_inputs, merged); model.compile('sgd', 'mse')"
    )


def test_lines_that_are_shared_in_part() -> None:
    after = migrated(
        BRANCHES
        + "n = 1; model = Sequential()  # top\njoin = Merge([left, right]); model.add(join)  # both\n"
        + "model.add(Dense(n)); other = model; other.compile('sgd', 'mse')  # done\n"
    ).after

    assert after.splitlines()[-3:] == [
        "n = 1  # top",
        "merged_inputs = [Input(batch_shape=left.input_shape), Input(batch_shape=right.input_shape)]; "
        "join = add([left(merged_inputs[0]), right(merged_inputs[1])])  # both",
        "join = Dense(n)(join); model = Model(merged_inputs, join); other = model; other.compile('sgd', 'mse')  # done",
    ]


@pytest.mark.parametrize(
    ("model", "says"),
    [
        ("n = 1; pair = [left, right]; model = Sequential()\nmodel.add(Merge(pair))\n", "share a line"),
        (MODEL + "other = model\nother.pop()\n", "`other` is used in another way"),
        (MODEL + "other = model\nif big:\n    other = load()\nother.fit(x, y)\n", "`other` may be another model"),
        (MODEL + "other = model\n__all__ = ['other']\n", "`other` may be another model"),
        (MODEL.replace("model.add(Dense", "other = model\nmodel.add(Dense"), "before it is complete"),
        (MODEL + "other = again = model\n", "used in another way"),
        (MODEL + "self.model = model\n", "used in another way"),
    ],
)
def test_lines_and_second_names_that_are_left_to_a_person(model: str, says: str) -> None:
    result = migrated(BRANCHES + model)

    assert "model.add(Merge(" in result.after
    assert any(review.rule == "KM304" and says in review.reason for review in result.reviews)
