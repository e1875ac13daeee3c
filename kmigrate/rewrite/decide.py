"""What is decided for each use of Keras: the rules applied, and the signature tables where no rule speaks."""

from __future__ import annotations

from kmigrate.match.arguments import Misfit
from kmigrate.match.found import Found
from kmigrate.rewrite.applied import decide_applied
from kmigrate.rewrite.calls import decide_call
from kmigrate.rewrite.decision import Already, Changed, Decision, ForReview, Same
from kmigrate.rewrite.facts import NO_RULE, Facts
from kmigrate.rewrite.members import decide_asked, decide_assignment, decide_attribute, decide_definition
from kmigrate.rewrite.passed import decide_passed
from kmigrate.rewrite.references import decide_import, decide_module_text, decide_reference, holds_value


def decide(facts: Facts, found: Found) -> Decision:
    """The decision for one use; for an object of several possible classes, the one that suits all of them."""
    decision = _decide(facts, found)
    if not found.others:
        return decision
    others = [(other, _decide(facts, other)) for other in found.others]
    by_name = all(map(_is_by_name, (decision, *(made for _, made in others))))
    if found.kind == "reference" and by_name and holds_value(facts, found):
        return Same()  # the classes get their new names where the variable gets the classes
    for other, made in others:
        if not _agree(decision, made):
            return ForReview(
                NO_RULE, f"this is {found.name} or {other.name}, and they need different changes here.",
                "Write it out for each of them, or migrate this line by hand.",
            )  # fmt: skip
    return decision


def _decide(facts: Facts, found: Found) -> Decision:
    if found.new:
        return _of_keras2(facts, found)
    match found.kind:
        case "call" | "method" | "construct" | "partial":
            return decide_call(facts, found)
        case "passed":
            return decide_passed(facts, found)
        case "applied":
            return decide_applied(facts, found)
        case "reference" | "subclass":
            return decide_reference(facts, found)
        case "attribute":
            return decide_attribute(facts, found)
        case "definition":
            return decide_definition(facts, found)
        case "assign":
            return decide_assignment(facts, found)
        case "string" if found.module:
            return decide_module_text(facts, found)
        case "string" if found.cls:
            return decide_asked(facts, found)
        case "string":
            rule = facts.places.rules.keys[found.spelled][found.name]
            return ForReview(rule.id, rule.say or rule.title)
        case "import":
            return decide_import(facts, found)
        case "operation":
            assert facts.operations is not None
            return facts.operations.decide(found)


def _of_keras2(facts: Facts, found: Found) -> Decision:
    """A name that only Keras 2 has speaks Keras 2; a call of it that no target takes is for a person."""
    if found.kind != "call":
        return Already()
    targets = facts.targets(found, None)
    if facts.fits(found, targets):
        return Already()
    bounds = [facts.bound(found, signature) for _, signature in targets]
    misfits = [bound.reason for bound in bounds if isinstance(bound, Misfit)]
    if not misfits or len(misfits) < len(bounds):
        return Already()
    return ForReview(NO_RULE, f"Keras 1 has no `{found.name}`, and this call does not fit that of Keras 2: it {misfits[0]}.")


def _is_by_name(decision: Decision) -> bool:
    """Whether nothing changes but a name, if that."""
    return isinstance(decision, Same) or (isinstance(decision, Changed) and not decision.edits and decision.text is None)


def _agree(first: Decision, second: Decision) -> bool:
    """Whether two decisions come to the same text."""
    if isinstance(first, Changed) and isinstance(second, Changed):
        if first.text is not None or second.text is not None:
            return first.rule is second.rule and first.text is not None and second.text is not None
        return [(e.start, e.end, e.pieces) for e in first.edits] == [(e.start, e.end, e.pieces) for e in second.edits]
    return type(first) is type(second)
