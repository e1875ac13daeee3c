"""What is decided for a call of a partial object, which gives the rest of the arguments?

The object has its own: what it gives by name is not known to be missing here, and no default of Keras 1 is written over it.
"""

from __future__ import annotations

import ast

from kmigrate.keras.signatures import Signature
from kmigrate.match.arguments import Bound, Misfit
from kmigrate.match.found import Found
from kmigrate.match.passed import Destination
from kmigrate.resolve.partials import filled
from kmigrate.rewrite.decision import Already, Decision, ForReview, Same
from kmigrate.rewrite.facts import Facts
from kmigrate.rewrite.handlers.forwarders import forwarded
from kmigrate.rewrite.handlers.options import seen_through
from kmigrate.rewrite.passed import by_rule
from kmigrate.rewrite.plan import variant
from kmigrate.ruleset.schema import Rewrite, Rule


def decide_applied(facts: Facts, found: Found) -> Decision:
    """The decision of the rule for what the object calls, for these arguments alone."""
    assert found.call is not None
    keras1, rules = facts.keras1(found), facts.places.rules.calls.get(found.name, ())
    if keras1 is None or not rules or len(found.call.args) + len(found.call.keywords) == found.leading:
        return Same()
    bound = facts.bound(found, keras1)
    if isinstance(bound, Misfit):
        fits = facts.fits(found, facts.targets(found, variant(rules[0], facts.places.targets)))
        return Already() if fits else _by_hand(facts, found, f"this call fits neither Keras 1 ({bound.reason}) nor Keras 2.")
    if len(found.call.args) > found.leading and _gives_places(facts, found):
        return _by_hand(facts, found, "the partial object has arguments by position, and this call gives more of them.")
    for rule in rules:
        rewrite = variant(rule, facts.places.targets)
        given = rule.match.given
        if rewrite is None or rule.match.partial is not None or not bound.names.issuperset(given):
            continue
        if bound.opaque is not None:
            return _hidden(facts, rule, rewrite, found, keras1, bound)
        if facts.conditions(found).hold(given, bound, {}):
            end = Destination(found, frozenset(), found.certain, found.leading)
            return by_rule(facts, rule, rewrite, found, end, keras1, bound)
    return Same()


def _hidden(
    facts: Facts, rule: Rule, rewrite: Rewrite, found: Found, keras1: Signature, bound: Bound
) -> Decision:  # fmt: skip
    """What a call hides can be seen through where nothing is written that the object may have."""
    assert bound.opaque is not None
    plain = not (rewrite.require or rewrite.add or rewrite.first or rewrite.choose_by)
    known = (seen_through(facts, rule, found, keras1, bound) or forwarded(facts, rule, rewrite, found, keras1)) if plain else None
    return known or _by_hand(facts, found, f"`{facts.module.segment(bound.opaque)}` hides arguments.")


def _by_hand(facts: Facts, found: Found, reason: str) -> ForReview:
    rule = facts.places.rules.calls[found.name][0]
    return ForReview(rule.id, f"{rule.title}; {reason}", "Write what the object and this call give as one call.")


def _gives_places(facts: Facts, found: Found) -> bool:
    """Whether some partial object that can be called here holds arguments by position."""
    assert found.call is not None
    func: ast.expr = found.call.args[0] if found.leading else found.call.func
    return any(filled(value) for value in facts.evaluator.values(func, found.scope))
