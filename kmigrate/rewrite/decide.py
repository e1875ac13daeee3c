"""What is decided for each use of Keras: the rules applied, and the signature tables where no rule speaks."""

from __future__ import annotations

from collections.abc import Sequence

from kmigrate.keras.signatures import KERAS_2, knowledge
from kmigrate.match.arguments import Misfit
from kmigrate.match.found import Found
from kmigrate.rewrite.applied import decide_applied
from kmigrate.rewrite.calls import decide_call
from kmigrate.rewrite.decision import Already, Changed, Decision, ForReview, Same
from kmigrate.rewrite.facts import NO_RULE, Facts
from kmigrate.rewrite.members import decide_asked, decide_assignment, decide_attribute, decide_definition
from kmigrate.rewrite.passed import decide_passed
from kmigrate.rewrite.plan import variant
from kmigrate.rewrite.references import decide_import, decide_module_text, decide_reference, holds_value


def judge(facts: Facts, founds: Sequence[Found]) -> None:
    """Let the dialect of the file be judged by these uses, when a rule asks for it."""
    facts.dialect.judge = lambda: _judged(facts, founds)


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


def _judged(facts: Facts, founds: Sequence[Found]) -> tuple[int, int]:
    """How many uses only Keras 1, and only Keras 2, accepts; one of Keras 1 settles it."""
    only1 = only2 = 0
    for found in founds:
        if found.new:  # not what a star import of Keras 2 brings along, such as `np`
            only2 += any(target.canonical(found.name) is not None for target in facts.places.targets)
        elif found.kind == "import" and not found.module and facts.places.name(found.name) is None:
            only1 += not _imports_keras2(facts, found)
        elif found.call is not None and found.certain:
            speaks1, speaks2 = _spoken(facts, found)
            only1 += speaks1 and not speaks2
            only2 += speaks2 and not speaks1
        if only1:
            break
    return only1, only2


def _imports_keras2(facts: Facts, found: Found) -> bool:
    """Whether an import is one of some Keras 2, although no documented name of it is: an alias, or a part of a new module."""
    places = facts.places
    if any(knowledge(version).canonical(found.spelled) is not None for version in KERAS_2):
        return True
    module = found.spelled.rpartition(".")[0]
    return not places.keras1.is_module(module) and all(target.is_module(module) for target in places.targets)


def _spoken(facts: Facts, found: Found) -> tuple[bool, bool]:
    """Whether Keras 1, and whether some Keras 2, accepts the call as it stands."""
    keras1 = facts.keras1(found)
    if keras1 is None:
        return True, True
    rules = facts.places.rules.calls.get(found.name)
    rewrite = variant(rules[0], facts.places.targets) if rules else None
    return not isinstance(facts.bound(found, keras1), Misfit), facts.speaks_keras2(found, rewrite)


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
    bounds = [facts.bound(found, signature) for _, signature in facts.targets(found, None)]
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
