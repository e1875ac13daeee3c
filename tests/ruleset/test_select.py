"""Do ids, prefixes and names pick the right rules?"""

from __future__ import annotations

import pytest

from kmigrate import Settings, migrate_text
from kmigrate.errors import UnknownRule
from kmigrate.ruleset.schema import Rule
from kmigrate.ruleset.select import for_targets, select


def rule(id: str, name: str) -> Rule:
    return Rule.model_validate(
        {
            "id": id,
            "name": name,
            "title": name,
            "why": "It is here for the tests of select.",
            "since": "2.0.0",
            "match": {"call": "keras.layers.Dense"},
            "examples": [{"unchanged": "x"}, {"review": "y"}],
        }
    )


RULES = (rule("KM101", "dense"), rule("KM102", "dropout"), rule("KM201", "merge"), rule("MY001", "own"))


@pytest.mark.parametrize(
    ("chosen", "ignored", "expected"),
    [
        ((), (), "KM101 KM102 KM201 MY001"),
        (("KM1",), (), "KM101 KM102"),
        (("KM101", "MY"), (), "KM101 MY001"),
        (("dropout",), (), "KM102"),
        ((), ("KM1",), "KM201 MY001"),
        ((), ("merge", "MY001"), "KM101 KM102"),
        (("KM",), ("KM2",), "KM101 KM102"),
        (("KM101",), ("KM1",), "KM101"),
        (("KM1",), ("KM1",), ""),
    ],
)
def test_select(chosen: tuple[str, ...], ignored: tuple[str, ...], expected: str) -> None:
    assert [found.id for found in select(RULES, chosen, ignored)] == expected.split()


@pytest.mark.parametrize("chosen", [True, False])
def test_what_names_no_rule_is_refused(chosen: bool) -> None:
    with pytest.raises(UnknownRule, match="no rule is called `KM301`, or begins with it; did you mean `KM201`"):
        select(RULES, ("KM301",) if chosen else (), () if chosen else ("KM301",))


@pytest.mark.parametrize(
    ("targets", "expected"),
    [
        (("2.2.4", "2.3.1", "2.15.0"), "KM101 KM102 KM103"),
        (("2.15.0",), "KM101 KM102 KM103"),
        (("2.3.1",), "KM101"),
        (("2.11.0",), "KM101 KM102 KM103"),
        (("2.10.0",), "KM101"),
    ],
)
def test_what_only_a_newer_keras_asks_for_is_not_asked(targets: tuple[str, ...], expected: str) -> None:
    newer = [
        rule(id, "newer").model_copy(update={"since": "2.11.0", "confidence": confidence})
        for id, confidence in (("KM101", "safe"), ("KM102", "review"))
    ]
    gone = Rule.model_validate(
        rule("KM103", "gone").model_dump(exclude_unset=True)
        | {"since": "2.11.0", "match": {"gone": ["keras.layers.Merge"]}, "say": "Write another."}
    )
    assert [found.id for found in for_targets((*newer, gone), targets)] == expected.split()


@pytest.mark.parametrize(("to", "asked"), [("2.2", False), ("2.3", False), ("2.15", True), (None, True)])
def test_gradients_need_a_person_from_keras_2_4_on(to: str | None, asked: bool) -> None:
    result = migrate_text("from keras import backend as K\n\ng = K.gradients(x, [y])\n", settings=Settings(to=to))
    assert [review.rule for review in result.reviews] == (["KM424"] if asked else [])


def test_an_empty_item_is_refused() -> None:
    with pytest.raises(UnknownRule):
        select(RULES, ("",))
