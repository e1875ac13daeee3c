"""Is a weight lost, or trained against the user's will, that is added to the list of a layer's weights?

From 2.3 on that list is made anew at each question. What is added to it is lost; what is stored on the layer is trained.
"""

from __future__ import annotations

import ast

from kmigrate.match.found import Found
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import UserClass
from kmigrate.rewrite.decision import Decision, Same
from kmigrate.rewrite.facts import Facts
from kmigrate.ruleset.schema import Rule

_ADDS = frozenset({"append", "extend", "insert"})
_OF_A_LAYER = frozenset({"trainable_weights", "weights"})


def added(facts: Facts, rule: Rule, found: Found) -> Decision | None:
    """None where a person must look at `self.trainable_weights.append(w)`; nothing to do where w is stored on the layer too."""
    node = found.node
    items = _items(facts, node)
    if items is None:
        return Same()
    assert isinstance(node, ast.Attribute)
    trained = node.attr == "trainable_weights"
    return Same() if trained and all(_is_stored(facts, item, node.value, found.scope) for item in items) else None


def _items(facts: Facts, node: ast.AST) -> list[ast.expr] | None:
    """What is added to the list; None where nothing is."""
    method = facts.scopes.parents.get(node)
    call = facts.scopes.parents.get(method) if isinstance(method, ast.Attribute) else None
    match call:
        case ast.Call(func=ast.Attribute(attr=name), args=[*_, item]) if call.func is method and name in _ADDS:
            return item.elts if name == "extend" and isinstance(item, ast.List | ast.Tuple) else [item]
        case _:
            return None


def _is_stored(facts: Facts, item: ast.expr, owner: ast.expr, scope: Scope) -> bool:
    """Whether a variable, or the layer of which these are the weights, is an attribute of the same object."""
    match item:
        case ast.Attribute(value=holder, attr=name):
            return ast.dump(holder) == ast.dump(owner) or (name in _OF_A_LAYER and _is_stored(facts, holder, owner, scope))
        case ast.Name(id=name):
            cls = facts.evaluator.classes.enclosing(scope)
            return cls is not None and _stores(facts, cls, name, scope)
        case _:
            return False


def _stores(facts: Facts, cls: UserClass, name: str, scope: Scope) -> bool:
    """Whether the method also stores this name on the object: `self.w = w`, or `self.w = w = ...`."""
    stores = facts.evaluator.classes.stores(facts.scopes).get(cls.node, {})
    for store, inner in (pair for found in stores.values() for pair in found):
        statement = facts.scopes.parents.get(store)
        if inner.function is scope.function and isinstance(statement, ast.Assign):
            names = [statement.value, *statement.targets]
            if any(isinstance(node, ast.Name) and node.id == name for node in names):
                return True
    return False
