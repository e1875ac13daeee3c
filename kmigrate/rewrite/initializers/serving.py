"""Does something serve Keras as an initializer alone, and which rule has the object that takes its place?"""

from __future__ import annotations

import ast

from kmigrate.match.arguments import Bound
from kmigrate.match.found import Found
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import KerasName, only
from kmigrate.rewrite.facts import Facts
from kmigrate.ruleset.schema import Rewrite, Rule

_ROLES = frozenset({"init", "inner_init", "forget_bias_init", "beta_init", "gamma_init"})
"""Parameters of layers that take an initializer."""

_BY_GATES = ("keras.layers.LSTM", "keras.layers.GRU", "keras.layers.ConvRecurrent2D")
"""Layers that start two of their weights with `init`."""


def object_rule(facts: Facts, found: Found, bound: Bound) -> tuple[Rule, Rewrite, str] | None:
    """The rule of `match.partial` for a function of keras.initializations with these arguments, and its template."""
    keras1, conditions = facts.keras1(found), facts.conditions(found)
    for rule in facts.places.rules.calls.get(found.name, ()) if keras1 is not None else ():
        rewrite = rule.rewrite
        if rule.match.partial is None or rewrite is None or rewrite.template is None or keras1 is None:
            continue
        if conditions.hold(rule.match.given, bound, facts.defaults(found, keras1)):
            return rule, rewrite, rewrite.template
    return None


def serves_layers(facts: Facts, node: ast.expr, scope: Scope) -> bool:
    """Whether an expression is the initializer of a layer, or each use of the one name that it is bound to is one."""
    parent = facts.scopes.parents.get(node)
    if isinstance(parent, ast.keyword):
        layer = _layer(facts, parent, scope)
        classes = facts.evaluator.classes
        return layer is not None and not any(classes.is_a(layer.path, kind) for kind in _BY_GATES)
    if not isinstance(parent, ast.Assign) or len(parent.targets) != 1 or not isinstance(parent.targets[0], ast.Name):
        return False
    return name_serves_layers(facts, parent.targets[0].id, scope, of_keras=False)


def name_serves_layers(facts: Facts, name: str, scope: Scope, *, of_keras: bool) -> bool:
    """Whether a name has one value, and each use of it is the initializer of a layer.

    of_keras: not of a class that nobody knows: it may call the initializer itself, by the names of Keras 1.
    """
    owner = scope.lookup(name)
    if owner is None or len(owner.bindings.get(name, ())) != 1 or name in facts.scopes.exported:
        return False
    loads = [(node, inner) for node, inner in facts.scopes.loads.get(name, ()) if inner.lookup(name) is owner]
    uses = [(facts.scopes.parents.get(node), inner) for node, inner in loads]
    return bool(uses) and all(
        isinstance(use, ast.keyword) and use.arg in _ROLES and (not of_keras or _layer(facts, use, inner) is not None)
        for use, inner in uses
    )


def _layer(facts: Facts, argument: ast.keyword, scope: Scope) -> KerasName | None:
    """The layer of Keras of which an argument is the initializer."""
    call = facts.scopes.parents.get(argument)
    if argument.arg not in _ROLES or not isinstance(call, ast.Call):
        return None
    layer = only(facts.evaluator.values(call.func, scope))
    known = isinstance(layer, KerasName) and facts.evaluator.classes.is_a(layer.path, "keras.layers.Layer")
    return layer if known and isinstance(layer, KerasName) else None
