"""Would a branch compute the same as a model in a functional model?"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import KerasName
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.handlers.branches.given import of_merge
from kmigrate.rewrite.handlers.branches.statements import added_layer, makes_sequential

_CHANGING = ("add", "pop", "layers", "build", "trainable")
"""What may change a branch behind our back."""

_OVER_TIME = "keras.layers.TimeDistributed"
_PLAIN_ARGUMENTS = 4
_HOLDERS = frozenset(
    f"keras.layers.{name}" for name in ("Merge", "TimeDistributed", "Bidirectional", "Wrapper", "InputLayer")
)


def unfit(context: Context, name: ast.Name) -> str | None:
    """Why a branch would not compute the same as a model in a functional model; None if it does.

    Keras 1 leaves out the penalties of branches that nobody built before `compile` (`Sequential.losses` of an unbuilt
    model raises AttributeError, and `Container.losses` asks `hasattr`), and it loses their masks.
    """
    layers = layers_of(context, name)
    if not layers:
        return "is not built by its own `add` alone, so its layers can't be seen"
    return unfit_layers(context, layers)


def unfit_layers(context: Context, layers: Sequence[tuple[ast.expr, Scope]]) -> str | None:
    """The same for the layers of a branch, or of a model between two Merges."""
    calls = [(layer, scope) for wrapped, scope in layers if isinstance(layer := _unwrapped(context, wrapped, scope), ast.Call)]
    if len(calls) < len(layers):
        return "holds a layer that is made elsewhere"
    for layer, scope in calls:
        callees = context.evaluator.values(layer.func, scope)
        if not callees or not all(isinstance(callee, KerasName) for callee in callees):
            return f"holds `{context.site.module.segment(layer.func)}`, which can't be seen through"
        paths = {callee.path for callee in callees if isinstance(callee, KerasName)}
        if paths & _HOLDERS or not all(path.startswith("keras.layers.") for path in paths):
            return "holds a layer that keeps state, a model or a wrapped layer"
        if "keras.layers.ActivityRegularization" in paths:
            return "has a penalty, and Keras 1 leaves out the penalties of branches"
        for keyword in layer.keywords:
            off = isinstance(keyword.value, ast.Constant) and not keyword.value.value
            if keyword.arg is None or (keyword.arg.endswith("regularizer") and not off):
                return "has a regularizer, and Keras 1 leaves out the penalties of branches"
            if keyword.arg in ("stateful", "mask_zero") and not off and not _drops_mask(calls[-1][0]):
                return "gives a mask or keeps state, which Keras 1 does not pass on to the Merge"
            if keyword.arg == "stateful" and not off:
                return "keeps state from batch to batch"
        if any(isinstance(argument, ast.Starred) for argument in layer.args) or len(layer.args) > _PLAIN_ARGUMENTS:
            return "has a layer with many positional arguments, which may be regularizers"
        if any(path.endswith(".Masking") for path in paths) and not _drops_mask(calls[-1][0]):
            return "gives a mask, which Keras 1 does not pass on to the Merge"
    return None


def _unwrapped(context: Context, layer: ast.expr, scope: Scope) -> ast.expr:
    """The layer that a TimeDistributed applies to each step: it is what has weights and penalties."""
    if not isinstance(layer, ast.Call) or len(layer.args) != 1:
        return layer
    wrapper = context.evaluator.values(layer.func, scope)
    over_time = frozenset(value.path for value in wrapper if isinstance(value, KerasName)) == {_OVER_TIME}
    plain = all(keyword.arg in ("input_shape", "batch_input_shape", "name") for keyword in layer.keywords)
    return layer.args[0] if over_time and plain else layer


def _drops_mask(layer: ast.Call) -> bool:
    """Whether this is a recurrent layer that gives its last output only."""
    spelled = layer.func.attr if isinstance(layer.func, ast.Attribute) else getattr(layer.func, "id", "")
    whole = [keyword for keyword in layer.keywords if keyword.arg in (None, "return_sequences")]
    return spelled in ("LSTM", "GRU", "SimpleRNN") and not whole


def layers_of(context: Context, name: ast.Name) -> list[tuple[ast.Call, Scope]] | None:
    """The layers of a branch in the order of the text; None where it may hold others."""
    evaluator, scopes = context.evaluator, context.scopes
    bindings = evaluator.bindings(name, context.found.scope) or frozenset()
    binding = next(iter(bindings)) if len(bindings) == 1 else None
    made = binding.value if binding is not None and binding.kind == "assign" and not binding.path else None
    if binding is None or not isinstance(made, ast.Call) or not makes_sequential(context, made, binding):
        return None
    listed = [*made.args, *(keyword.value for keyword in made.keywords if keyword.arg != "name")]
    layers: list[tuple[ast.expr, Scope]] = []
    if listed:
        if len(listed) > 1 or not isinstance(listed[0], ast.List):
            return None
        layers.extend((item, binding.scope) for item in listed[0].elts)
    for load, scope in scopes.names:
        if load.id != name.id or not isinstance(load.ctx, ast.Load):
            continue
        reached = evaluator.bindings(load, scope) or frozenset()
        if binding not in reached:
            continue
        parent = scopes.parents.get(load)
        added = added_layer(scopes.statement(load)) if isinstance(parent, ast.Attribute) and parent.attr == "add" else None
        if added is not None and len(reached) == 1:
            layers.append((added, scope))
        elif isinstance(parent, ast.List) and of_merge(context, parent, scope):
            continue
        elif not isinstance(parent, ast.Attribute) or parent.attr in _CHANGING:
            return None
    calls = [(layer, scope) for layer, scope in layers if isinstance(layer, ast.Call)]
    return calls if len(calls) == len(layers) else None
