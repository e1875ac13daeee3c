"""What is decided for each use of Keras: the rules applied, and the signature tables where no rule speaks."""

from __future__ import annotations

from collections.abc import Sequence

from kmigrate.match.arguments import Misfit, bind
from kmigrate.match.collect import Found
from kmigrate.rewrite.calls import decide_call
from kmigrate.rewrite.decision import Already, Changed, Decision, ForReview
from kmigrate.rewrite.facts import NO_RULE, Facts
from kmigrate.rewrite.members import decide_assignment, decide_attribute, decide_definition
from kmigrate.rewrite.plan import variant
from kmigrate.rewrite.references import decide_import, decide_reference


def judge(facts: Facts, founds: Sequence[Found]) -> None:
    """Find out which Keras the file speaks."""
    for found in founds:
        if found.new:
            facts.dialect.only_keras2 += 1
        elif found.kind == "import" and not found.module and facts.places.name(found.name) is None:
            facts.dialect.only_keras1 += 1
        elif found.call is not None and found.certain:
            _judge_call(facts, found)


def decide(facts: Facts, found: Found) -> Decision:
    """The decision for one use; for an object of several possible classes, the one that suits all of them."""
    decision = _decide(facts, found)
    for other in found.others:
        if not _agree(decision, _decide(facts, other)):
            return ForReview(
                NO_RULE, f"this is {found.name} or {other.name}, and they need different changes here.",
                "Write it out for each of them, or migrate this line by hand.",
            )  # fmt: skip
    return decision


def _judge_call(facts: Facts, found: Found) -> None:
    keras1 = facts.keras1(found)
    if keras1 is None or found.call is None:
        return
    rules = facts.places.rules.calls.get(found.name)
    targets = facts.targets(found, variant(rules[0], facts.places.targets) if rules else None)
    bound = bind(keras1, found.call, leading=found.leading, partial=found.kind == "partial")
    speaks1, speaks2 = not isinstance(bound, Misfit), facts.fits(found, targets)
    facts.dialect.only_keras1 += speaks1 and not speaks2
    facts.dialect.only_keras2 += speaks2 and not speaks1


def _decide(facts: Facts, found: Found) -> Decision:
    if found.new:
        return Already()
    match found.kind:
        case "call" | "method" | "construct" | "partial":
            return decide_call(facts, found)
        case "reference" | "subclass":
            return decide_reference(facts, found)
        case "attribute":
            return decide_attribute(facts, found)
        case "definition":
            return decide_definition(facts, found)
        case "assign":
            return decide_assignment(facts, found)
        case "import":
            return decide_import(facts, found)


def _agree(first: Decision, second: Decision) -> bool:
    """Whether two decisions come to the same text."""
    if isinstance(first, Changed) and isinstance(second, Changed):
        if first.text is not None or second.text is not None:
            return first.rule is second.rule and first.text is not None and second.text is not None
        return [(e.start, e.end, e.pieces) for e in first.edits] == [(e.start, e.end, e.pieces) for e in second.edits]
    return type(first) is type(second)
