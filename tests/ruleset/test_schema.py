"""What do the models of a rule work out from what is written, and when do they forget it?"""

from __future__ import annotations

from kmigrate.ruleset.schema import Argument, Condition, Rewrite


def test_each_parameter_knows_what_it_folds_with() -> None:
    rewrite = Rewrite.model_validate({"arguments": {"nb_row, nb_col": {"tuple": "kernel_size"}, "init": "kernel_initializer"}})
    assert rewrite.by_parameter["nb_col"] == (("nb_row", "nb_col"), rewrite.arguments["nb_row, nb_col"])
    assert rewrite.by_parameter["init"] == (("init",), Argument(rename="kernel_initializer"))


def test_a_copy_works_out_its_own() -> None:
    rewrite = Rewrite.model_validate({"arguments": {"a": "b", "c": "d"}})
    assert set(rewrite.by_parameter) == {"a", "c"}
    assert set(rewrite.model_copy(update={"arguments": {"a": rewrite.arguments["a"]}}).by_parameter) == {"a"}
    wrapped = Argument.model_validate({"rename": "x", "wrap": {"expression": "f($old)"}})
    assert wrapped.converts
    assert not wrapped.model_copy(update={"wrap": None}).converts


def test_a_condition_knows_whether_more_than_presence_is_asked() -> None:
    assert Condition.model_validate({"given": True}).only_given
    assert not Condition.model_validate({"given": True, "is": ["string"]}).only_given
    assert Condition.model_validate(None).has_equals
    assert not Condition.model_validate({"is": ["string"]}).has_equals
