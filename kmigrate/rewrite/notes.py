"""What does a rule tell of a call of this shape, besides what it changes?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kmigrate.keras.signatures import KERAS_2, Signature
from kmigrate.keras.specifiers import allows_some
from kmigrate.match.arguments import Bound
from kmigrate.match.conditions import Conditions
from kmigrate.match.found import Found
from kmigrate.rewrite.decision import Told
from kmigrate.rewrite.facts import Facts
from kmigrate.rewrite.plan import applies, possible
from kmigrate.ruleset.schema import NoteCase, Rule


def told(
    facts: Facts, rule: Rule, notes: Sequence[NoteCase], found: Found, keras1: Signature, bound: Bound
) -> tuple[Told, ...]:
    """Those of the notes of the rule whose conditions the call meets."""
    return of_shape(facts, rule, notes, bound, facts.conditions(found), facts.defaults(found, keras1))


def of_shape(
    facts: Facts, rule: Rule, notes: Sequence[NoteCase], bound: Bound, conditions: Conditions,
    defaults: Mapping[str, str | None],
) -> tuple[Told, ...]:  # fmt: skip
    """Those of the notes whose conditions these arguments meet, and the defaults of those that are left out.

    A file of Keras 2 is told only what some later Keras 2 does otherwise.
    """
    targets = facts.places.targets
    perhaps = possible(notes, bound, conditions, defaults, targets)
    cases = [case for case in notes if applies(case, bound, conditions, defaults, targets) or case in perhaps]
    if cases and facts.dialect.keras2:
        cases = [case for case in cases if case.versions is not None and not allows_some(case.versions, KERAS_2[:2])]
    return tuple(Told(rule.id, case.say, case.affects, case.versions) for case in cases)


def as_given(rule: Rule, name: str) -> Told:
    """What is told of a call in a function that hands on what it is given, whatever calls the function."""
    return Told(
        rule.id, f"What callers of the function around give goes on to {name}: they must write it as Keras 2 wants it. The calls "
        "that kmigrate sees are changed, or listed for review.", affects=(),
    )  # fmt: skip
