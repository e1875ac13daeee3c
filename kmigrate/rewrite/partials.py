"""What becomes of `functools.partial(initializations.normal, scale=0.02)`, where it serves as an initializer alone?"""

from __future__ import annotations

import ast
from functools import partial

from kmigrate.edits import Confidence
from kmigrate.match.arguments import Misfit
from kmigrate.match.found import Found
from kmigrate.resolve.values import KerasName, only
from kmigrate.rewrite.decision import Changed, Text
from kmigrate.rewrite.facts import Facts
from kmigrate.rewrite.layout import layout
from kmigrate.rewrite.template import edits_of

_ROLES = frozenset({"init", "inner_init", "forget_bias_init", "beta_init", "gamma_init"})
"""Parameters of layers that take an initializer."""


def within_partial(facts: Facts, found: Found) -> Found | None:
    """The partial object of which a name is the function: both are one use."""
    call = facts.scopes.parents.get(found.node)
    if not isinstance(call, ast.Call) or call.args[:1] != [found.node]:
        return None
    if not facts.evaluator.is_partial(call.func, found.scope):
        return None
    return Found("partial", found.name, call.func, found.scope, call, leading=1)


def partial_initializer(facts: Facts, found: Found) -> Changed | None:
    """The object in its place, by a rule for `partial: initializer`; None where it may be called with a shape."""
    call, keras1 = found.call, facts.keras1(found)
    if call is None or keras1 is None or not _serves_layers(facts, found, call):
        return None
    bound = facts.bound(found, keras1)
    if isinstance(bound, Misfit) or bound.opaque is not None:
        return None
    conditions = facts.conditions(found)
    for rule in facts.places.rules.calls.get(found.name, ()):
        rewrite = rule.rewrite
        if rule.match.partial is None or rewrite is None or rewrite.template is None:
            continue
        if not conditions.hold(rule.match.given, bound, facts.defaults(found, keras1)):
            continue
        whole = facts.module.span(call)
        build = partial(
            edits_of, rule.id, rewrite.template, bound, layout(facts.module, call), whole, facts.defaults(found, keras1),
            Confidence.SAFE, None,
        )  # fmt: skip
        return Changed(rule, text=Text(rewrite.imports, build))
    return None


def _written_twice(facts: Facts, found: Found, argument: ast.keyword) -> bool:
    """Whether the text of the argument is needed at two places: recurrent layers start all their weights with it."""
    call = facts.scopes.parents.get(argument)
    layer = only(facts.evaluator.values(call.func, found.scope)) if isinstance(call, ast.Call) else None
    return not isinstance(layer, KerasName) or facts.evaluator.classes.is_a(layer.path, "keras.layers.Recurrent")


def _serves_layers(facts: Facts, found: Found, call: ast.Call) -> bool:
    """Whether the object, or each use of the name that it is bound to, is the initializer of a call."""
    parent = facts.scopes.parents.get(call)
    if isinstance(parent, ast.keyword):
        return parent.arg in _ROLES and not _written_twice(facts, found, parent)
    if not isinstance(parent, ast.Assign) or len(parent.targets) != 1 or not isinstance(parent.targets[0], ast.Name):
        return False
    name = parent.targets[0].id
    owner = found.scope.lookup(name)
    if owner is None or len(owner.bindings.get(name, ())) != 1 or name in facts.scopes.exported:
        return False
    loads = [node for node, scope in facts.scopes.loads.get(name, ()) if scope.lookup(name) is owner]
    uses = [facts.scopes.parents.get(node) for node in loads]
    return bool(uses) and all(isinstance(use, ast.keyword) and use.arg in _ROLES for use in uses)
