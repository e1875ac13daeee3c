"""Regularizers of the user that expect to be called with the loss, as Keras did before 1.2."""

from __future__ import annotations

import ast

from kmigrate.match.found import Found
from kmigrate.rewrite.decision import Decision, ForReview, Same
from kmigrate.rewrite.facts import Facts
from kmigrate.ruleset.schema import Rule

_SETTERS = {"layer": "set_layer", "p": "set_param"}
"""What Keras left in a regularizer, and the method by which it did; one that the user defines has a rule of its own."""


def of_call(facts: Facts, rule: Rule, found: Found) -> Decision | None:
    """A person is told of a __call__ that takes a loss or reads what no Keras since 1.2 sets."""
    function = found.node
    assert isinstance(function, ast.FunctionDef)
    classes = facts.evaluator.classes
    cls = classes.method_owner(function, facts.scopes.scope_of[function])
    if cls is None or any(classes.overridden(cls, setter) for setter in _SETTERS.values()):
        return Same()
    parameters = [argument.arg for argument in function.args.args]
    left = {name for name in _SETTERS if not classes.overridden(cls, name)}
    if parameters[1:2] == ["loss"] or left & _read(function, parameters[:1]):
        return ForReview(rule.id, rule.say or rule.title)
    return Same()


def _read(function: ast.FunctionDef, own: list[str]) -> set[str]:
    """The attributes of the object itself that the function reads."""
    return {
        node.attr
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in own
    }
