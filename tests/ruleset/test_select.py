"""Do ids, prefixes and names pick the right rules?"""

from __future__ import annotations

import pytest

from kmigrate.errors import UnknownRule
from kmigrate.ruleset.schema import Rule
from kmigrate.ruleset.select import select


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


def test_an_empty_item_is_refused() -> None:
    with pytest.raises(UnknownRule):
        select(RULES, ("",))
