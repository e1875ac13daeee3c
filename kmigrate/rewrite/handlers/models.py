"""Layers of a model that are reached by index, by a name that Keras made up, or taken away."""

from __future__ import annotations

import ast
from itertools import takewhile

from kmigrate.edits import Span, replace
from kmigrate.match.found import Found
from kmigrate.rewrite.arguments.site import Rewritten
from kmigrate.rewrite.decision import Changed, Decision, ForReview, Same
from kmigrate.rewrite.facts import Facts
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.plan import Refusal
from kmigrate.rewrite.statements import delete_statements
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
    statement = facts.scopes.parents.get(call)
    if not isinstance(statement, ast.Expr) or call.args or found.cls != _SEQUENTIAL or found.others or not found.certain:
        return None
    pops, by_hand = _by_hand(facts, statement, ast.unparse(found.node.value))
    if not by_hand or _rewired(facts, found.node.value, by_hand):
        return None  # without new outputs Keras 1 computes the layer still
    start, end = facts.module.end(found.node.value), facts.module.end(method)
    edits = [replace(start, end, ".pop", rule=rule.id)]
    if not pops:  # the last one of several takes away what stands behind them
        edits.append(delete_statements(facts.module, by_hand, facts.scopes.parents.get(statement), rule.id))
    return Changed(rule, tuple(edits))


def _by_hand(facts: Facts, statement: ast.stmt, model: str) -> tuple[int, list[ast.stmt]]:
    """How many pops follow, and the statements behind them that do what Sequential.pop does besides (`keras/models.py` of
    1.2.2); none if the outputs stay."""
    outputs = f"{model}.outputs = [{model}.layers[-1].output]"
    behind = _behind(facts, statement)
    pops = len(list(takewhile(lambda following: ast.unparse(following) == f"{model}.layers.pop()", behind)))
    wanted = {outputs, f"{model}.layers[-1].outbound_nodes = []"}
    found = list(takewhile(lambda following: ast.unparse(following) in wanted, behind[pops:]))
    return pops, found if outputs in map(ast.unparse, found) else []


def _behind(facts: Facts, statement: ast.stmt) -> list[ast.stmt]:
    """The statements that follow in the same block."""
    block = facts.scopes.block(statement)
    return block[block.index(statement) + 1 :] if block else []


def _rewired(facts: Facts, model: ast.expr, known: list[ast.stmt]) -> bool:
    """Whether the program sets outputs and nodes of the model by hand in another way."""
    text = facts.module.segment(model)
    return any(
        store.attr in ("outputs", "outbound_nodes", "_outbound_nodes")
        and facts.module.segment(store.value).startswith(text)
        and facts.scopes.statement(store) not in known
        for store, _ in facts.scopes.attribute_stores
    )
