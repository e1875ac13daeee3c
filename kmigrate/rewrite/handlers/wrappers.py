"""Layers inside wrappers."""

from __future__ import annotations

import ast

from kmigrate.match.arguments import Bound, bind
from kmigrate.resolve.values import KerasName, only
from kmigrate.rewrite.arguments import Rewritten, rewrite_arguments
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.plan import Refusal, allows

_ONE_WAY = "<2.1"


def wrapped(context: Context) -> Rewritten | Refusal:
    """Refuse what a wrapper of Keras 2 forgets of the layer inside it."""
    inner = context.site.bound.get("layer")
    given = _given(context, inner.value) if inner is not None and isinstance(inner.value, ast.Call) else set()
    if "weights" in given:  # measured on 2.0.9 to 2.15.0, no error
        return Refusal(
            "Keras 2 silently ignores `weights=` of a layer inside a wrapper: leave it out, and call "
            "set_weights() on the wrapped layer when the model is built."
        )
    both_ways = context.found.name == "keras.layers.Bidirectional"
    old = any(allows(_ONE_WAY, version) for version, _ in context.site.targets)
    if both_ways and old and any(name.endswith("regularizer") for name in given):
        return Refusal(
            "Keras 2.0 adds the penalty of the forward layer only, for `Bidirectional` forgets the losses of the other one. "
            "Double the factor, which is right as long as both have weights of the same size, or use Keras 2.1 or later."
        )
    return rewrite_arguments(context.site, context.rewrite)


def _given(context: Context, call: ast.Call) -> set[str]:
    """The arguments of the layer inside that are not None; those by keyword where its class is not known."""
    layer = only(context.evaluator.values(call.func, context.found.scope))
    facts = context.evaluator.world.keras.get(layer.path) if isinstance(layer, KerasName) else None
    bound = bind(facts.signature, call, partial=True) if facts is not None and facts.signature is not None else None
    pairs = (
        [(argument.parameter, argument.value) for argument in bound.arguments]
        if isinstance(bound, Bound)
        else [(keyword.arg, keyword.value) for keyword in call.keywords]
    )
    return {
        name
        for name, value in pairs
        if name is not None and not (isinstance(value, ast.Constant) and value.value is None)
    }
