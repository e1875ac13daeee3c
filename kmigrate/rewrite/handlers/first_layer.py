"""Does code ask the first layer of a model, which is its input unless the model is a Sequential, for a shape?"""

from __future__ import annotations

import ast

from kmigrate.match.found import Found
from kmigrate.resolve.values import Instance, only
from kmigrate.rewrite.decision import Same
from kmigrate.rewrite.facts import Facts
from kmigrate.ruleset.schema import Rule

_SEQUENTIAL = "keras.models.Sequential"


def asked(facts: Facts, rule: Rule, found: Found) -> Same | None:
    """Nothing to do for another layer, and for that of a Sequential; None, and so a review, for `model.layers[0].input_shape`."""
    match found.node:
        case ast.Attribute(
            value=ast.Subscript(value=ast.Attribute(attr="layers", value=model), slice=ast.Constant(value=0)), ctx=ast.Load()
        ):
            value = only(facts.evaluator.values(model, found.scope))
            return Same() if isinstance(value, Instance) and facts.evaluator.classes.is_a(value.cls, _SEQUENTIAL) else None
        case _:
            return Same()
