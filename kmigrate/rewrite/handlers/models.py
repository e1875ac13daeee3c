"""Layers of a model that are reached by index, by a name that Keras made up, or taken away."""

from __future__ import annotations

import ast

from kmigrate.edits import Span, replace
from kmigrate.match.collect import Found
from kmigrate.rewrite.arguments import Rewritten
from kmigrate.rewrite.decision import Changed, Decision, ForReview, Same
from kmigrate.rewrite.facts import Facts
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.plan import Refusal
from kmigrate.ruleset.schema import Rule

_SEQUENTIAL = "keras.models.Sequential"
_SURGERY = frozenset({"append", "insert", "remove", "extend"})


def layer_of_index(context: Context) -> Rewritten | Refusal:
    """`get_layer(index=2)` of a Sequential, which counted the hidden input layer, is `layers[1]` in every version."""
    site = context.site
    index = site.bound.get("index")
    assert index is not None
    number = site.conditions.literal(index.value)
    owner = context.found.node
    alone = site.bound.names == {"index"} and isinstance(owner, ast.Attribute)
    if not alone or not isinstance(number, int) or isinstance(number, bool) or number == 0:
        return Refusal(context.rule.say or context.rule.title)
    assert isinstance(owner, ast.Attribute)
    module = site.module
    whole, model = module.span(site.call), module.span(owner.value)
    text = f".layers[{number - 1 if number > 0 else number}]"
    return Rewritten([replace(whole.start, whole.end, Span(model.start, model.end), text, rule=context.rule.id)])


def popped(facts: Facts, rule: Rule, found: Found) -> Decision | None:
    """`model.layers.pop()` of a Sequential is `model.pop()`; of another model a person must see it."""
    assert isinstance(found.node, ast.Attribute)
    method = facts.scopes.parents.get(found.node)
    call = facts.scopes.parents.get(method) if isinstance(method, ast.Attribute) else None
    if not isinstance(method, ast.Attribute) or not isinstance(call, ast.Call) or call.func is not method:
        return Same()
    if method.attr in _SURGERY:
        return ForReview(rule.id, rule.say or rule.title)
    if method.attr != "pop":
        return Same()
    plain = isinstance(facts.scopes.parents.get(call), ast.Expr) and not call.args
    if not plain or found.cls != _SEQUENTIAL or found.others or not found.certain or _rewired(facts, found.node.value):
        return None
    start, end = facts.module.end(found.node.value), facts.module.end(method)
    return Changed(rule, (replace(start, end, ".pop", rule=rule.id),))


def _rewired(facts: Facts, model: ast.expr) -> bool:
    """Whether the program sets outputs and nodes of the model by hand, as people did after such a pop."""
    text = facts.module.segment(model)
    return any(
        store.attr in ("outputs", "outbound_nodes") and facts.module.segment(store.value).startswith(text)
        for store, _ in facts.scopes.attribute_stores
    )
