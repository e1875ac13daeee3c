"""Layers inside wrappers."""

from __future__ import annotations

import ast

from kmigrate.match.arguments import Bound, bind
from kmigrate.resolve.values import Instance, KerasName, only
from kmigrate.rewrite.arguments.rewriting import rewrite_arguments
from kmigrate.rewrite.arguments.site import Rewritten
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.plan import Refusal, allows

_ONE_WAY = "<2.1"
_TWICE = "<2.4"
_PASSED_ON = ">=2.1"
_FIXED = frozenset({"batch_shape", "batch_input_shape"})


def _layers(*names: str) -> frozenset[str]:
    return frozenset(f"keras.layers.{name}" for name in names)


_FAILS = (
    (
        "<2.3", _layers("ConvLSTM2D", "GRU", "LSTM", "SimpleRNN"),
        "2.0 to 2.2 can't", "Keras 2.3", "NameError: uses_learning_phase",
    ),
    (
        "<2.1",
        _layers(
            "BatchNormalization", "Dropout", "GaussianDropout", "GaussianNoise", "SpatialDropout1D", "SpatialDropout2D",
            "SpatialDropout3D",
        ),
        "2.0 can't", "Keras 2.1", "no value for the learning phase",
    ),
)  # fmt: skip
"""Which layers fail in a TimeDistributed of a fixed batch size: versions, classes, words; measured on 2.0.9 to 2.3.1."""


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
    passed_on = not both_ways and any(allows(_PASSED_ON, version) for version, _ in context.site.targets)
    if passed_on and inner is not None and _makes_mask(context, inner.value):
        return Refusal(
            "From Keras 2.1 on TimeDistributed passes on the mask that the layer inside makes, so that the layers behind "
            "skip what is masked; Keras 1 forgets it. Without mask_zero=True, or Masking, the numbers stay as they are."
        )
    if not both_ways and inner is not None and _fixed_batch(context):
        refusal = _step_by_step(context, inner.value, given)
        if refusal is not None:
            return refusal
    return rewrite_arguments(context.site, context.rewrite)


def _makes_mask(context: Context, inner: ast.expr) -> bool:
    """Whether the layer inside certainly makes a mask: an Embedding with mask_zero, or Masking."""
    made = context.evaluator.assigned_once(inner, context.found.scope)
    call, scope = made if made is not None else (inner, context.found.scope)
    layer = only(context.evaluator.values(call.func, scope)) if isinstance(call, ast.Call) else None
    if not isinstance(layer, KerasName) or not isinstance(call, ast.Call):
        return False
    flags = [keyword.value for keyword in call.keywords if keyword.arg == "mask_zero"]
    masked = bool(flags) and not (isinstance(flags[0], ast.Constant) and not flags[0].value)
    return layer.path == "keras.layers.Masking" or (layer.path == "keras.layers.Embedding" and masked)


def _fixed_batch(context: Context) -> bool:
    """Whether the file fixes the size of a batch anywhere: Keras 2 before 2.4 then runs the layer inside step by step."""
    return any(keyword.arg in _FIXED for call, _ in context.scopes.calls for keyword in call.keywords)


def _step_by_step(context: Context, inner: ast.expr, given: set[str]) -> Refusal | None:
    """What a TimeDistributed gets wrong where the size of the batch is fixed; measured on 2.0.9, 2.2.4 and 2.3.1."""
    layer = only(context.evaluator.values(inner, context.found.scope))
    cls = layer.cls if isinstance(layer, Instance) else None
    versions = [version for version, _ in context.site.targets]
    for specifier, layers, who, until, how in _FAILS:
        if cls in layers and any(allows(specifier, version) for version in versions):
            return Refusal(
                f"Keras {who} run this layer in a TimeDistributed whose batch size is fixed ({how}): leave the batch size open "
                f"(input_shape= for batch_input_shape=), or use {until} or later."
            )
    penalty = cls == "keras.layers.ActivityRegularization" or "activity_regularizer" in given
    if penalty and any(allows(_TWICE, version) for version in versions):
        return Refusal(
            "Where the batch size is fixed, TimeDistributed adds the activity penalty once more in Keras 2.0 to 2.3: leave the "
            "batch size open (input_shape= for batch_input_shape=)."
        )
    return None


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
