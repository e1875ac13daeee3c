"""What does a rule tell of a call of this shape, besides what it changes?"""

from __future__ import annotations

from collections.abc import Sequence

from kmigrate.keras.signatures import Signature
from kmigrate.match.arguments import Bound
from kmigrate.match.found import Found
from kmigrate.rewrite.decision import Told
from kmigrate.rewrite.facts import Facts
from kmigrate.rewrite.plan import applies
from kmigrate.ruleset.schema import NoteCase, Rule


def told(
    facts: Facts, rule: Rule, notes: Sequence[NoteCase], found: Found, keras1: Signature, bound: Bound
) -> tuple[Told, ...]:
    """Those of the notes of the rule whose conditions the call meets."""
    conditions = facts.conditions(found)
    defaults = facts.defaults(found, keras1)
    targets = facts.places.targets
    cases = [case for case in notes if applies(case, bound, conditions, defaults, targets)]
    return tuple(Told(rule.id, case.say, case.affects, case.versions) for case in cases)
