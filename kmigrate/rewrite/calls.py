"""What is decided for a call of a Keras class, function or method."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace as replaced

from kmigrate.edits import Confidence
from kmigrate.keras.signatures import Signature
from kmigrate.match.arguments import Bound, Misfit
from kmigrate.match.found import Found
from kmigrate.rewrite.arguments.rewriting import rewrite_arguments
from kmigrate.rewrite.arguments.site import Rewritten, Site
from kmigrate.rewrite.changes import asked_for, by_template, called_by_other_name, changed, confidence_of
from kmigrate.rewrite.decision import Already, Changed, Decision, ForReview, Same, Told
from kmigrate.rewrite.facts import NO_RULE, Facts, Targets
from kmigrate.rewrite.forms import settled, unruled
from kmigrate.rewrite.handlers import Context, handler
from kmigrate.rewrite.handlers.forwarders import forwarded
from kmigrate.rewrite.handlers.options import seen_through
from kmigrate.rewrite.handlers.sharing import TOLD, serves_several
from kmigrate.rewrite.helpers import with_helper
from kmigrate.rewrite.initializers.functions import HOME, change_of
from kmigrate.rewrite.kept import Asked, Kept, Open
from kmigrate.rewrite.members import decide_attribute, renamed_protocol
from kmigrate.rewrite.mixed import half_migrated
from kmigrate.rewrite.notes import told
from kmigrate.rewrite.passed import shown
from kmigrate.rewrite.plan import Refusal, chosen, guessed, variant
from kmigrate.rewrite.references import gone, plain
from kmigrate.ruleset.schema import NoteCase, Rewrite, Rule


def decide_call(facts: Facts, found: Found) -> Decision:
    """The first rule that applies decides; without one, the tables do."""
    if found.call is None:
        return decide_attribute(facts, found)
    rules = facts.places.rules
    if found.kind == "partial" and found.name.startswith(HOME):
        return Same()  # what is decided for the name in it is decided for both
    if found.name in rules.gone and (found.kind == "partial" or found.name not in rules.calls):
        return with_helper(facts, rules.gone[found.name], found, gone(facts, found))
    if found.kind == "method":
        protocol = renamed_protocol(facts, found)
        if protocol is not None:
            return protocol
    adapted = change_of(facts, found)
    if adapted is not None:
        return adapted
    keras1 = facts.keras1(found)
    if keras1 is None:
        return decide_attribute(facts, found) if found.kind == "method" else plain(facts, found)
    known = settled(facts, found, keras1)
    if isinstance(known, Asked):
        decision = _by_some(facts, known.rules, found, keras1)
        if decision is not None:
            return decision
        known = known.otherwise
    if isinstance(known, (Kept, Open)):
        if known.rule is None or known.rewrite is None:
            return plain(facts, found)
        if facts.inside(known.rule, found):
            if isinstance(known, Open):
                return with_helper(facts, known.rule, found, _open(facts, known, found, keras1))
            return _kept(facts, known.rule, known.rewrite, found, keras1, known.notes)
        known = None
    return _by_values(facts, found, keras1) if known is None else known


def _open(facts: Facts, known: Open, found: Found, keras1: Signature) -> Decision:
    """A call that a rule is sure to treat, and whose values decide how."""
    bound = facts.bound(found, keras1)
    assert isinstance(bound, Bound)
    return _treated(facts, known, found, keras1, bound)


def _kept(
    facts: Facts, rule: Rule, rewrite: Rewrite, found: Found, keras1: Signature, notes: Sequence[NoteCase]
) -> Decision:
    """A call whose arguments a rule keeps: its name alone can change."""
    review = called_by_other_name(facts, rule, rewrite, rewrite, found)
    if review is not None:
        return review
    decision = changed(facts, rule, rewrite, found, Rewritten(), confidence_of(rule, found))
    return _with_notes(facts, rule, notes, found, keras1, decision) if notes else decision


def _by_values(facts: Facts, found: Found, keras1: Signature) -> Decision:
    rules = facts.places.rules
    bound = facts.bound(found, keras1)
    decision = _by_some(facts, rules.calls.get(found.name, ()), found, keras1)
    if decision is not None:
        return decision
    if found.name in rules.gone:
        return gone(facts, found)
    if found.name in rules.names:
        new, rule = rules.names[found.name]
        return Changed(rule, target=new) if facts.renames(found, new) else Same()
    return unruled(facts, found, bound) or plain(facts, found)


def _by_some(facts: Facts, rules: Sequence[Rule], found: Found, keras1: Signature) -> Decision | None:
    """What the first of these rules decides that treats the call."""
    bound = facts.bound(found, keras1)
    conditions, defaults = facts.conditions(found), facts.defaults(found, keras1)
    for rule in rules:
        given = rule.match.given
        if rule.match.partial is not None or (given and isinstance(bound, Bound) and not conditions.hold(given, bound, defaults)):
            continue
        decision = _by_rule(facts, rule, found, keras1, bound)
        if decision is not None:
            return with_helper(facts, rule, found, decision)
    return None


def _by_rule(facts: Facts, rule: Rule, found: Found, keras1: Signature, bound: Bound | Misfit) -> Decision | None:
    """What a rule decides whose conditions hold; None where it wants another kind of code."""
    if isinstance(bound, Misfit):
        rewrite = variant(rule, facts.places.targets)
        return _misfit(facts, rule, rewrite, found, keras1, bound, facts.targets(found, rewrite))
    if not facts.inside(rule, found):
        return None
    rewrite = variant(rule, facts.places.targets)
    if rule.confidence == "review" or rewrite is None:
        if rule.ambiguous and facts.dialect.keras2:
            return Already()
        skips = rule.skip_if and facts.conditions(found).hold(rule.skip_if, bound, {})
        return Already() if skips else ForReview(rule.id, rule.say or rule.title)
    every = Open(rule, rewrite, bool(rule.skip_if), rule.review, rule.notes)
    return _treated(facts, every, found, keras1, bound)


def _treated(facts: Facts, cases: Open, found: Found, keras1: Signature, bound: Bound) -> Decision:
    """What the rule decides with those of its cases that are not ruled out."""
    rule = cases.rule
    if cases.skips and facts.conditions(found).hold(rule.skip_if, bound, {}):
        return Already()
    if rule.ambiguous and facts.dialect.keras2 and facts.fits(found, facts.targets(found, cases.rewrite)):
        return Already(_AS_THE_PROJECT if facts.dialect.verdict == "as the project" else ())
    decision = _rewritten(facts, cases, found, keras1, bound)
    return _with_notes(facts, rule, cases.notes, found, keras1, decision) if cases.notes else decision


_AS_THE_PROJECT = (
    Told(
        NO_RULE, "Nothing in this file tells which Keras it was written for, and the other files of the project speak Keras 2: "
        "calls that mean something else in Keras 1 stay as they are.", (),
    ),
)  # fmt: skip


def _with_notes(
    facts: Facts, rule: Rule, cases: Sequence[NoteCase], found: Found, keras1: Signature, decision: Decision
) -> Decision:
    """The decision with what the rule tells of such a call."""
    bound = facts.bound(found, keras1)
    if isinstance(bound, Misfit) or not isinstance(decision, (Changed, Same)):
        return decision
    notes = told(facts, rule, cases, found, keras1, bound)
    return replaced(decision, notes=(*decision.notes, *notes)) if notes else decision


def _misfit(
    facts: Facts, rule: Rule, rewrite: Rewrite | None, found: Found, keras1: Signature, bound: Misfit, targets: Targets
) -> Decision | None:
    """A call that Keras 1 would refuse: it speaks Keras 2, or it is half migrated."""
    if facts.fits(found, targets):
        target = facts.callee(found, rewrite) if rewrite is not None and not facts.places.exists(found.spelled) else None
        return Changed(rule, (), target) if facts.renames(found, target) else Already()
    if rewrite is not None and not rule.match.given:
        mixed = half_migrated(rule, rewrite, found, keras1, targets, facts.module, facts.conditions(found))
        if mixed is not None:
            return Changed(rule, tuple(mixed.edits), facts.callee(found, rewrite), needs=tuple(mixed.imports))
    if found.certain:
        return ForReview(rule.id, f"this call fits neither Keras 1 ({bound.reason}) nor Keras 2.")
    return None


def _rewritten(facts: Facts, cases: Open, found: Found, keras1: Signature, bound: Bound) -> Decision:
    rule, rewrite = cases.rule, cases.rewrite
    if bound.opaque is not None:
        known = seen_through(facts, rule, found, keras1, bound) or forwarded(facts, rule, rewrite, found, keras1)
        if known is not None:
            return known
        if not _changes(rewrite):
            return Same()
        return _passing(facts, cases, found, keras1, bound) or _opaque(facts, rule, bound.opaque)
    conditions = facts.conditions(found)
    case = chosen(cases.reviews, rewrite, bound, conditions, facts.defaults(found, keras1), facts.places.targets)
    if isinstance(case, Refusal):
        return ForReview(rule.id, case.reason)
    if rule.ambiguous and facts.dialect.keras2:  # what it leaves out has the default of Keras 2
        case = case.model_copy(update={"add": {}, "require": ()})
    shared = case.shared is not None and case.either is None and serves_several(facts.scopes, facts.evaluator, found)
    if shared:
        case = case.model_copy(update={"either": case.shared})
    other_name = called_by_other_name(facts, rule, rewrite, case, found)
    if other_name is not None:
        return other_name
    confidence = confidence_of(rule, found)
    if case.template is not None:
        doubt = guessed(rewrite, bound, conditions)
        confidence = Confidence.UNSAFE if doubt is not None else confidence
        return by_template(facts, rule, case, found, bound, keras1, confidence, doubt)
    outcome = _outcome(facts, rule, case, found, keras1, bound)
    if isinstance(outcome, Refusal):
        return ForReview(rule.id, outcome.reason)
    if not isinstance(outcome, Rewritten):
        return outcome
    if shared:
        outcome.notes.append(Told(rule.id, TOLD, ("training",), ">=2.4"))
    if case.either is not None and not facts.places.exists(case.either[0]):
        return asked_for(facts, rule, case.either, found, outcome, confidence)
    return changed(facts, rule, case, found, outcome, confidence)


def _outcome(
    facts: Facts, rule: Rule, case: Rewrite, found: Found, keras1: Signature, bound: Bound
) -> Rewritten | Refusal | Decision:
    """What becomes of the arguments, or all that is decided, if code decides it."""
    assert found.call is not None
    targets, conditions = facts.targets(found, case), facts.conditions(found)
    site = Site(
        rule.id, facts.module, found.call, bound, keras1, targets, conditions, partial=found.kind == "partial"
    )  # fmt: skip
    if case.code is None:
        return rewrite_arguments(site, case)
    return handler(case.code)(Context(rule, case, found, site, facts.evaluator, facts.scopes, facts.roles))


def _passing(facts: Facts, cases: Open, found: Found, keras1: Signature, bound: Bound) -> Decision | None:
    """The decision for a call that hides only what its function passes on; None where that may matter to the rest."""
    if called_by_other_name(facts, cases.rule, cases.rewrite, cases.rewrite, found) is not None:
        return None
    outcome = shown(facts, cases, found, keras1, bound)
    if isinstance(outcome, Refusal):
        return ForReview(cases.rule.id, outcome.reason)
    return changed(facts, cases.rule, cases.rewrite, found, outcome, confidence_of(cases.rule, found)) if outcome else None


def _changes(rewrite: Rewrite) -> bool:
    """Whether some call of the rule gets other arguments."""
    other = any(
        spec.tuple or spec.rename != key or spec.values or spec.wrap for key, spec in rewrite.arguments.items()
    )
    return bool(other or rewrite.drop or rewrite.require or rewrite.add or rewrite.choose_by or rewrite.code)


def _opaque(facts: Facts, rule: Rule, hidden: ast.expr) -> ForReview:
    """`*args` or `**kwargs` that can't be seen through: all or nothing."""
    return ForReview(
        rule.id, f"`{facts.module.segment(hidden)}` hides arguments, so the call can't be rewritten as a whole.",
        "Migrate what it holds by hand, or write the arguments out.",
    )  # fmt: skip
