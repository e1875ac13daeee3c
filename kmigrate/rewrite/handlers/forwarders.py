"""The call inside a function that hands on what it is given: its arguments are rewritten where the function is called."""

from __future__ import annotations

from kmigrate.keras.signatures import Signature
from kmigrate.match.conditions import Conditions
from kmigrate.match.found import Found
from kmigrate.resolve.forwarders import forwarder
from kmigrate.resolve.values import UserFunction
from kmigrate.rewrite.decision import Changed, Decision, Same
from kmigrate.rewrite.facts import Facts
from kmigrate.rewrite.handlers.dicts import dict_edits
from kmigrate.rewrite.handlers.options import keys_of
from kmigrate.rewrite.handlers.text import constant_items
from kmigrate.rewrite.notes import as_given
from kmigrate.rewrite.plan import Refusal
from kmigrate.ruleset.schema import Rewrite, Rule


def forwarded(facts: Facts, rule: Rule, rewrite: Rewrite, found: Found, keras1: Signature) -> Decision | None:
    """The decision for the call inside; None where it forwards nothing, or its keywords need a person."""
    function = next((scope for scope in found.scope.chain() if scope.kind == "function"), None)
    if not found.certain or found.others:
        return None
    if function is None or found.call is None or rewrite.choose_by or rewrite.template or rewrite.code:
        return None
    known = forwarder(UserFunction(function.node, function))
    if known is None or known.call is not found.call:
        return None
    target = facts.callee(found, rewrite)
    if known.options is None:
        notes = (as_given(rule, found.name),)
        return Changed(rule, target=target, notes=notes) if facts.renames(found, target) else Same(notes)
    node = known.options.value
    items = constant_items(node, known.scope) if node is not None else None
    if node is None or not items or rewrite.require or rewrite.add:
        return None
    keys = keys_of(facts, rewrite, keras1, items, Conditions(facts.evaluator, known.scope))
    if isinstance(keys, Refusal):
        return None
    edits = dict_edits(facts, rule, node, items, keys)
    return Changed(rule, tuple(edits), target) if edits or facts.renames(found, target) else Same()
