"""Layers inside wrappers."""

from __future__ import annotations

import ast

from kmigrate.rewrite.arguments.rewriting import rewrite_arguments
from kmigrate.rewrite.arguments.site import Rewritten
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.handlers.inside import Inside, inside, told_of_inside
from kmigrate.rewrite.plan import Refusal

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
    """Refuse what a wrapper of Keras 2 forgets of the layer inside it, and tell what it does otherwise."""
    inner = inside(context)
    given = inner.given.keys() if inner is not None else frozenset()
    if "weights" in given:  # measured on 2.0.9 to 2.15.0, no error
        return Refusal(
            "Keras 2 silently ignores `weights=` of a layer inside a wrapper: leave it out, and call "
            "set_weights() on the wrapped layer when the model is built."
        )
    both_ways = context.found.name == "keras.layers.Bidirectional"
    refusal = None
    if both_ways and context.site.is_for(_ONE_WAY) and any(name.endswith("regularizer") for name in given):
        refusal = Refusal(
            "Keras 2.0 adds the penalty of the forward layer only, for `Bidirectional` forgets the losses of the other one. "
            "Double the factor, which is right as long as both have weights of the same size, or use Keras 2.1 or later."
        )
    elif not both_ways and inner is not None and context.site.is_for(_PASSED_ON) and _makes_mask(inner):
        refusal = Refusal(
            "From Keras 2.1 on TimeDistributed passes on the mask that the layer inside makes, so that the layers behind "
            "skip what is masked; Keras 1 forgets it. Without mask_zero=True, or Masking, the numbers stay as they are."
        )
    elif not both_ways and inner is not None and _fixed_batch(context):
        refusal = _step_by_step(context, inner)
    if refusal is not None:
        return refusal
    rewritten = rewrite_arguments(context.site, context.rewrite)
    if isinstance(rewritten, Rewritten) and inner is not None:
        rewritten.notes.extend(told_of_inside(context, inner))
    return rewritten


def _makes_mask(inner: Inside) -> bool:
    """Whether the layer inside makes a mask: an Embedding that may have mask_zero, or Masking."""
    flag = inner.given.get("mask_zero")
    masked = flag is not None and not (isinstance(flag, ast.Constant) and not flag.value)
    return inner.cls == "keras.layers.Masking" or (inner.cls == "keras.layers.Embedding" and masked)


def _fixed_batch(context: Context) -> bool:
    """Whether the file fixes the size of a batch anywhere: Keras 2 before 2.4 then runs the layer inside step by step."""
    return any(keyword.arg in _FIXED for call, _ in context.scopes.calls for keyword in call.keywords)


def _step_by_step(context: Context, inner: Inside) -> Refusal | None:
    """What a TimeDistributed gets wrong where the size of the batch is fixed; measured on 2.0.9, 2.2.4 and 2.3.1."""
    for specifier, layers, who, until, how in _FAILS:
        if inner.cls in layers and context.site.is_for(specifier):
            return Refusal(
                f"Keras {who} run this layer in a TimeDistributed whose batch size is fixed ({how}): leave the batch size open "
                f"(input_shape= for batch_input_shape=), or use {until} or later."
            )
    penalty = inner.cls == "keras.layers.ActivityRegularization" or "activity_regularizer" in inner.given
    if penalty and context.site.is_for(_TWICE):
        return Refusal(
            "Where the batch size is fixed, TimeDistributed adds the activity penalty once more in Keras 2.0 to 2.3: leave the "
            "batch size open (input_shape= for batch_input_shape=)."
        )
    return None
