"""Lists that a layer of Keras 1 keeps, and Keras 2 makes anew whenever they are asked for."""

from __future__ import annotations

import ast

from kmigrate.match.found import Found
from kmigrate.resolve.values import UserObject, only
from kmigrate.rewrite.decision import Decision, Same
from kmigrate.rewrite.facts import Facts
from kmigrate.rewrite.handlers.overriding import uncalled
from kmigrate.ruleset.schema import Rule

_MODEL = "keras.models.Model"
_GROWING = frozenset({"append", "extend", "insert"})


def grown(facts: Facts, rule: Rule, found: Found) -> Decision | None:
    """What the class of a layer adds to such a list is for a person; a list of a model is made anew in Keras 1 as well."""
    assert isinstance(found.node, ast.Attribute)
    owner = only(facts.evaluator.values(found.node.value, found.scope))
    method = facts.scopes.parents.get(found.node)
    if not isinstance(method, ast.Attribute) or method.attr not in _GROWING or not isinstance(owner, UserObject):
        return Same()
    return Same() if facts.evaluator.classes.inherits(owner.cls, _MODEL) else None


def own_updates(facts: Facts, rule: Rule, found: Found) -> Decision:
    """A list of updates that a class gives itself; Keras up to 2.3 runs those of a model."""
    of_model = facts.evaluator.classes.is_a(found.cls, _MODEL)
    return uncalled(facts, rule, found) if not of_model or facts.places.is_for(">=2.4") else Same()
