"""What is decided for all calls of a form alike, whatever their values: the rules and tables asked once for the form.

Most calls are of this kind (`Dense(3)`, `Dropout(0.5)`, `K.sum(x, axis=1)`), so the answers are kept for all files of a run.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from kmigrate.keras.signatures import Signature
from kmigrate.match.arguments import Bound, Misfit, form
from kmigrate.match.found import Found
from kmigrate.rewrite.decision import Already, Decision, ForReview, Same, Unaccounted
from kmigrate.rewrite.facts import NO_RULE, Facts
from kmigrate.rewrite.kept import Asked, Kept, Open, holds, keeps_all
from kmigrate.rewrite.plan import concerns, variant
from kmigrate.ruleset.schema import NoteCase, ReviewCase, Rewrite, Rule

_Case = TypeVar("_Case", ReviewCase, NoteCase)


def settled(facts: Facts, found: Found, keras1: Signature) -> Decision | Kept | Open | Asked | None:
    """The decision for calls of this form, that their arguments stay, what is open, or which rules have to be asked first;
    None where their file matters."""
    assert found.call is not None
    key = (found.name, found.cls, found.kind, found.certain, form(found.call), found.leading)
    known = facts.places.settled
    if key not in known:
        known[key] = _settled(facts, found, keras1)
    return known[key]


def unruled(facts: Facts, found: Found, bound: Bound | Misfit) -> Decision | None:
    """What the tables say of calls that no rule treats; None where only the place of the name can have changed."""
    targets = facts.targets(found, None)
    if len(targets) < len(facts.places.targets):
        return None
    if isinstance(bound, Misfit):
        if facts.fits(found, targets):
            return Already()
        if not found.certain:
            return Same()
        return ForReview(NO_RULE, f"this call fits neither Keras 1 ({bound.reason}) nor Keras 2.")
    for version, signature in targets:
        differing = _differing(bound, signature)
        if differing is not None:
            return Unaccounted(f"`{differing}` differs in Keras {version}.")
    return None


def _settled(facts: Facts, found: Found, keras1: Signature) -> Decision | Kept | Open | Asked | None:
    asked: list[Rule] = []
    known = _without(asked, facts, found, keras1)
    return Asked(asked, known) if asked and known is not None else known


def _without(asked: list[Rule], facts: Facts, found: Found, keras1: Signature) -> Decision | Kept | Open | None:
    """What is known where none of those rules treats the call that are put into `asked`, because the values matter to them."""
    rules = facts.places.rules
    bound = facts.bound(found, keras1)
    for rule in rules.calls.get(found.name, ()):
        if rule.match.partial is not None:
            continue
        rewrite = variant(rule, facts.places.targets)
        if isinstance(bound, Misfit):
            stays = rewrite is None or rewrite.to is None  # else an alias of this name may be gone
            return Already() if stays and facts.fits(found, facts.targets(found, rewrite)) else None
        treats = holds(rule.match.given, bound, facts.defaults(found, keras1), facts.conditions(found))
        if treats is False:
            continue
        if treats is None:
            asked.append(rule)
            continue
        if rewrite is None or rule.confidence == "review":
            return None
        skips = bool(rule.skip_if) and holds(rule.skip_if, bound, {}, facts.conditions(found)) is not False
        reviews = _possible(facts, rule.review, found, keras1, bound)
        notes = _possible(facts, rule.notes, found, keras1, bound)
        if skips or reviews or not _keeps(facts, rule, rewrite, found, keras1, bound):
            return Open(rule, rewrite, skips, reviews, notes)
        return Kept(rule, rewrite, notes)
    if found.name in rules.gone or found.name in rules.names:
        return None
    return unruled(facts, found, bound) or Kept()


def _keeps(facts: Facts, rule: Rule, rewrite: Rewrite, found: Found, keras1: Signature, bound: Bound) -> bool:
    """Whether the rule has nothing to write in such calls but their name."""
    if rule.ambiguous or rewrite.choose_by or rewrite.either or rewrite.template or rewrite.code or rewrite.literals:
        return False
    return keeps_all(rewrite, bound, keras1, facts.targets(found, rewrite), partial=found.kind == "partial")


def _possible(facts: Facts, cases: Sequence[_Case], found: Found, keras1: Signature, bound: Bound) -> tuple[_Case, ...]:
    """The cases that may be about a call of this form."""
    conditions, defaults = facts.conditions(found), facts.defaults(found, keras1)
    return tuple(
        case for case in cases
        if concerns(case, bound, facts.places.targets) and holds(case.when, bound, defaults, conditions) is not False
    )  # fmt: skip


def _differing(bound: Bound, signature: Signature) -> str | None:
    """The first argument that this signature takes for another parameter, or not at all."""
    if signature.takes_args:
        return None
    limit = signature.positional_limit
    for argument in bound.arguments:
        if argument.keyword is not None:
            if not signature.accepts(argument.parameter):
                return argument.parameter
            continue
        place = signature.position(argument.parameter)
        renamed = signature.parameter(argument.parameter) is None and argument.order < len(signature.positional)
        if (place != argument.order and not renamed) or (limit is not None and argument.order >= limit):
            return argument.parameter
    return None
