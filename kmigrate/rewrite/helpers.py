"""Which layer of kmigrate's own takes the place of a call that is left to a person, for those who ask for it?"""

from __future__ import annotations

import ast

from kmigrate.edits import Confidence, Edit, replace
from kmigrate.helpers.place import place_of
from kmigrate.helpers.signature import signature
from kmigrate.match.arguments import Misfit
from kmigrate.match.found import Found
from kmigrate.rewrite.arguments.rewriting import rewrite_arguments
from kmigrate.rewrite.arguments.site import Rewritten, Site
from kmigrate.rewrite.decision import Changed, Decision, ForReview, Helped, Text
from kmigrate.rewrite.facts import Facts
from kmigrate.rewrite.notes import told
from kmigrate.ruleset.schema import Helper, Rewrite, Rule


def with_helper(facts: Facts, rule: Rule, found: Found, decision: Decision) -> Decision:
    """The change to the first helper layer of the rule that fits; any decision but a review stays as it is."""
    if not isinstance(decision, ForReview) or decision.rule != rule.id or not rule.helpers:
        return decision
    for helper in rule.helpers:
        changed = _changed(facts, rule, helper, found, decision)
        if changed is not None:
            return changed
    return decision


def _changed(facts: Facts, rule: Rule, helper: Helper, found: Found, review: ForReview) -> Changed | None:
    """The change, with what the rule tells of such a call; None where the layer does not fit it."""
    keras1 = facts.keras1(found)
    place = place_of(facts.module.source)
    if found.kind != "call" or found.call is None or keras1 is None or place is None or facts.indirect(found):
        return None
    bound = facts.bound(found, keras1)
    conditions = facts.conditions(found)
    if isinstance(bound, Misfit) or bound.opaque is not None:
        return None
    if not conditions.hold(helper.when, bound, facts.defaults(found, keras1)):
        return None
    site = Site(rule.id, facts.module, found.call, bound, keras1, (("2", signature(helper.layer)),), conditions)
    rewritten = rewrite_arguments(site, _with_own(rule, helper))
    if not isinstance(rewritten, Rewritten):
        return None
    assert isinstance(found.node, ast.expr)
    span = facts.module.span(found.node)
    confidence = Confidence.SAFE if found.certain and rewritten.doubt is None else Confidence.UNSAFE
    path = f"{place.module}.{helper.layer}"

    def build(spelled: dict[str, str]) -> list[Edit]:
        return [replace(span.start, span.end, spelled[path], rule=rule.id, confidence=confidence)]

    return Changed(
        rule, tuple(rewritten.edits), text=Text((path,), build), needs=tuple(rewritten.imports), confidence=confidence,
        reason=rewritten.doubt, notes=told(facts, rule, rule.notes, found, keras1, bound),
        helped=Helped(helper.layer, place, review),
    )  # fmt: skip


def _with_own(rule: Rule, helper: Helper) -> Rewrite:
    """What becomes of the arguments: the table of the rule, and what the layer takes otherwise."""
    own = rule.rewrite or Rewrite()
    arguments = {key: spec for key, spec in own.arguments.items() if key not in helper.drop}
    drop = {key: values for key, values in own.drop.items() if key not in helper.arguments}
    return Rewrite(arguments={**arguments, **helper.arguments}, drop={**drop, **helper.drop})
