"""What the rewritten arguments of a call come to: an edit of its text, under a name that means the right thing there."""

from __future__ import annotations

import ast
from functools import partial

from kmigrate.edits import Confidence, Edit, insert, replace
from kmigrate.keras.signatures import Signature
from kmigrate.match.arguments import Bound
from kmigrate.match.found import Found
from kmigrate.rewrite.arguments.site import Rewritten
from kmigrate.rewrite.decision import Changed, Decision, ForReview, Same, Text, Told
from kmigrate.rewrite.facts import Facts
from kmigrate.rewrite.layout import layout
from kmigrate.rewrite.members import attribute_edit
from kmigrate.rewrite.ordering import literal_edits
from kmigrate.rewrite.plan import Refusal
from kmigrate.rewrite.template import edits_of, fill
from kmigrate.ruleset.schema import Rewrite, Rule


def changed(
    facts: Facts, rule: Rule, case: Rewrite, found: Found, rewritten: Rewritten, confidence: Confidence
) -> Decision:
    """The decision for a call whose arguments are rewritten so: its name changes with them where it has to."""
    edits = list(rewritten.edits)
    if case.literals:
        flow = literal_edits(rule.id, found, case.literals, facts.module, facts.evaluator)
        edits.extend(flow.edits)
        if flow.wrapper is not None:
            edits.append(flow.wrapper)
    if rewritten.doubt is not None:
        confidence = Confidence.UNSAFE
    target = facts.callee(found, case)
    renames = facts.renames(found, target)
    if found.kind == "method" and isinstance(found.node, ast.Attribute) and renames:
        assert target is not None
        edits.append(attribute_edit(facts, found.node, target, rule, confidence))
    notes = _notes(rule, rewritten)
    if rewritten.within is not None:
        return Changed(
            rule, tuple(edits), target if renames else None, _around(facts, rule, found, rewritten.within, confidence),
            tuple(rewritten.imports), confidence, rewritten.doubt, notes=notes, beside=True,
        )  # fmt: skip
    if not edits and not renames:
        return Same(notes)
    by = rule if edits else facts.treats(rule, found, target)
    return Changed(
        by, tuple(edits), target, needs=tuple(rewritten.imports), confidence=confidence, reason=rewritten.doubt, notes=notes
    )


def _around(facts: Facts, rule: Rule, found: Found, function: str, confidence: Confidence) -> Text:
    """The text that makes a call the argument of another function."""
    assert found.call is not None
    module, _, name = function.rpartition(".")
    span = facts.module.span(found.call)

    def build(spelled: dict[str, str]) -> list[Edit]:
        before = insert(span.start, f"{spelled[module]}.{name}(", rule=rule.id, confidence=confidence, inner=True)
        return [before, insert(span.end, ")", rule=rule.id, confidence=confidence, inner=True)]

    return Text((module,), build)


def by_template(
    facts: Facts, rule: Rule, case: Rewrite, found: Found, bound: Bound, keras1: Signature, confidence: Confidence,
    doubt: str | None = None,
) -> Decision:  # fmt: skip
    """The decision for a call that is written anew; a review where a hole of the template has nothing to be filled with."""
    assert found.call is not None and case.template is not None
    if found.kind in ("construct", "partial"):
        return ForReview(rule.id, f"{rule.title}: a subclass or partial of it can't be rewritten by itself.")
    shape = layout(facts.module, found.call)
    whole = facts.module.span(found.call)
    owner = facts.module.span(found.node.value) if isinstance(found.node, ast.Attribute) else None
    defaults = facts.defaults(found, keras1)
    trial = fill(case.template, bound, shape, whole, defaults, {}, owner)
    if isinstance(trial, Refusal):
        return ForReview(rule.id, trial.reason)
    build = partial(edits_of, rule.id, case.template, bound, shape, whole, defaults, confidence, owner)
    return Changed(rule, text=Text(case.imports, build), confidence=confidence, reason=doubt)


def asked_for(
    facts: Facts, rule: Rule, either: tuple[str, str], found: Found, rewritten: Rewritten, confidence: Confidence
) -> Decision:
    """A callee that not every target has: the text asks the module for it (`getattr(optimizers, 'legacy', optimizers).SGD`)."""
    if found.kind in ("construct", "partial"):
        return ForReview(rule.id, f"{rule.title}: `{either[0]}` is missing in some versions, and a base class can't ask for it.")
    confidence = Confidence.UNSAFE if rewritten.doubt is not None else confidence
    module, name = either[1].rpartition(".")[::2]
    part = either[0].removeprefix(f"{module}.").removesuffix(f".{name}")
    assert isinstance(found.node, ast.expr)
    span = facts.module.span(found.node)

    def build(spelled: dict[str, str]) -> list[Edit]:
        text = f"getattr({spelled[module]}, '{part}', {spelled[module]}).{name}"
        return [replace(span.start, span.end, text, rule=rule.id, confidence=confidence)]

    return Changed(
        rule, tuple(rewritten.edits), text=Text((module,), build), needs=tuple(rewritten.imports), confidence=confidence,
        reason=rewritten.doubt, notes=_notes(rule, rewritten),
    )  # fmt: skip


def called_by_other_name(facts: Facts, rule: Rule, rewrite: Rewrite, case: Rewrite, found: Found) -> ForReview | None:
    """The review for a call by a name of the user's, where that name does not come to mean what this call needs."""
    if not facts.indirect(found) or _name_follows(facts, rewrite, case, found):
        return None
    return ForReview(
        rule.id, f"{rule.title}; here it is called by another name, which can't follow.",
        "Call it by its own name, then migrate again.",
    )  # fmt: skip


def confidence_of(rule: Rule, found: Found) -> Confidence:
    """How sure a change by the rule is, if nothing else is in doubt."""
    return Confidence.UNSAFE if rule.confidence == "unsafe" or not found.certain else Confidence.SAFE


def _notes(rule: Rule, rewritten: Rewritten) -> tuple[Told, ...]:
    return tuple(note if isinstance(note, Told) else Told(rule.id, note) for note in rewritten.notes)


def _name_follows(facts: Facts, rewrite: Rewrite, case: Rewrite, found: Found) -> bool:
    """Whether the place where the callee got its other name is changed to what this call needs."""
    if case.template is not None or case.to != rewrite.to or case.literals:
        return False
    if found.kind == "method":
        by_name = not found.name.endswith(".__call__")  # an object is called by itself
        return (case.code is None or not by_name) and not facts.renames(found, case.to)
    known = facts.places.keras1.get(found.name)
    if known is None or known.kind == "class":
        return True
    if found.kind == "construct":  # where it got its other name, a function whose calls change is left as it is
        return case.to is None or case.to.rpartition(".")[2] == found.name.rpartition(".")[2]
    return not facts.renames(found, case.to)
