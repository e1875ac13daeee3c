"""Would a branch compute the same as a model in a functional model?"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import KerasName
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.handlers.branches.layers import Stacked, layers_of

_WRAPPERS = ({"keras.layers.TimeDistributed"}, {"keras.layers.Bidirectional"})
_OF_WRAPPER = ("input_shape", "batch_input_shape", "name", "merge_mode")
_PLAIN_ARGUMENTS = 4
_HOLDERS = frozenset(
    f"keras.layers.{name}" for name in ("Merge", "TimeDistributed", "Bidirectional", "Wrapper", "InputLayer")
)


@dataclass(frozen=True, slots=True)
class Fit:
    """A branch that computes the same as a model in a functional model; `masked` if it gives a mask, which Keras 1 loses."""

    masked: bool


def fit(context: Context, branch: ast.Name | ast.Call, scope: Scope, merge: ast.Call) -> Fit | str:
    """Whether a branch computes the same as a model in a functional model; a reason if it does not.

    Keras 1 leaves out the penalties of branches that nobody built before `compile` (`Sequential.losses` of an unbuilt
    model raises AttributeError, and `Container.losses` asks `hasattr`), and it loses their masks (the node that
    `Sequential.add` makes has none), both for the layers that follow and for the loss.
    """
    found = layers_of(context, branch, scope, merge)
    if isinstance(found, str):
        return found
    reason = next((reason for layers in found if (reason := unfit_layers(context, layers)) is not None), None)
    return reason if reason is not None else Fit(any(gives_mask(context, layers) for layers in found))


def gives_mask(context: Context, layers: Sequence[Stacked]) -> bool:
    """Whether the last of the layers may give a mask."""
    for place, stacked in enumerate(layers):
        layer = _unwrapped(context, stacked)
        if not isinstance(layer, ast.Call):
            return True
        paths = {callee.path for callee in context.evaluator.values(layer.func, stacked.scope) if isinstance(callee, KerasName)}
        zeros = any(keyword.arg == "mask_zero" and not _is_off(keyword.value) for keyword in layer.keywords)
        if (zeros or "keras.layers.Masking" in paths) and not _drops_mask(stacked, layers[place + 1 :]):
            return True
    return False


def unfit_layers(context: Context, layers: Sequence[Stacked]) -> str | None:
    """The same for the layers of a branch, or of a model between two Merges, but for their masks."""
    for stacked in layers:
        layer = _unwrapped(context, stacked)
        if not isinstance(layer, ast.Call):
            return "holds a layer that is made elsewhere"
        callees = context.evaluator.values(layer.func, stacked.scope)
        if not callees or not all(isinstance(callee, KerasName) for callee in callees):
            return f"holds `{ast.unparse(layer.func)}`, which can't be seen through"
        paths = {callee.path for callee in callees if isinstance(callee, KerasName)}
        if paths & _HOLDERS or not all(path.startswith("keras.layers.") for path in paths):
            return "holds a layer that keeps state, a model or a wrapped layer"
        if "keras.layers.ActivityRegularization" in paths:
            return "has a penalty, and Keras 1 leaves out the penalties of branches"
        for keyword in layer.keywords:
            off = _is_off(keyword.value)
            if keyword.arg is None or (keyword.arg.endswith("regularizer") and not off):
                return "has a regularizer, and Keras 1 leaves out the penalties of branches"
            if keyword.arg == "stateful" and not off:
                return "keeps state from batch to batch"
        if any(isinstance(argument, ast.Starred) for argument in layer.args) or len(layer.args) > _PLAIN_ARGUMENTS:
            return "has a layer with many positional arguments, which may be regularizers"
    return None


def _unwrapped(context: Context, stacked: Stacked) -> ast.expr:
    """The layer that a TimeDistributed applies to each step, or a Bidirectional both ways: it has the weights and penalties."""
    layer = stacked.layer
    if not isinstance(layer, ast.Call) or len(layer.args) != 1:
        return layer
    wrapper = context.evaluator.values(layer.func, stacked.scope)
    wraps = {value.path for value in wrapper if isinstance(value, KerasName)} in _WRAPPERS
    return layer.args[0] if wraps and all(keyword.arg in _OF_WRAPPER for keyword in layer.keywords) else layer


def _drops_mask(masked: Stacked, later: Sequence[Stacked]) -> bool:
    """Whether a recurrent layer that gives its last output only, perhaps of two directions, follows in any case."""
    return any(_gives_last(stacked.layer) and stacked.block == masked.block for stacked in later)


def _gives_last(layer: ast.expr) -> bool:
    if not isinstance(layer, ast.Call):
        return False
    spelled = layer.func.attr if isinstance(layer.func, ast.Attribute) else getattr(layer.func, "id", "")
    if spelled == "Bidirectional" and len(layer.args) == 1:
        return _gives_last(layer.args[0])
    whole = [keyword for keyword in layer.keywords if keyword.arg in (None, "return_sequences") and not _is_off(keyword.value)]
    return spelled in ("LSTM", "GRU", "SimpleRNN") and not whole


def _is_off(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and not node.value
