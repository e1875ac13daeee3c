"""Which layer stands inside a wrapper, and what does Keras 2 do otherwise with it that no text can hide?"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kmigrate.match.arguments import Bound, bind
from kmigrate.match.literals import is_literal
from kmigrate.resolve.flow.shapes import MASKS
from kmigrate.resolve.linked import imports_of
from kmigrate.resolve.values import Instance, KerasName, UserModule, only
from kmigrate.rewrite.decision import Told
from kmigrate.rewrite.handlers import Context

_TF, _MASKING, _STATELESS = ">=2.4", ">=2.1", ">=2.1,<2.4"

_ZEROS = (
    "From Keras 2.4 on Bidirectional gives zeros at the steps that are masked, where Keras 1 goes on with what a masked step "
    "leaves: layers behind it that do not look at the mask (TimeDistributed, Lambda, merge, attention of your own) get other "
    "numbers there."
)
_STATES = (
    "Bidirectional forgets the states of a stateful layer from batch to batch in Keras 2.1 to 2.3. Two layers, one of them with "
    "go_backwards=True, and concatenate keep them in every version."
)
_AVERAGES = (
    "Keras 1 never updates the moving averages of a BatchNormalization inside of TimeDistributed, Keras 2 does: what a trained "
    "model predicts is normalized in Keras 2 alone."
)
_PENALTY = (
    "A TimeDistributed that is called more than once adds the penalty of the layer inside once in Keras 1, once for each call "
    "in Keras 2: divide the factor of the regularizer by the number of calls."
)
_REFUSED = (
    "Where its input carries a mask, this TimeDistributed raises a TypeError from Keras 2.1 on (the layer inside supports no "
    "masking); Keras 1 passes the mask on. A Lambda in its place, or an input without a mask, runs."
)
_UNMASKED = frozenset(
    f"keras.layers.{name}"
    for name in (
        "Flatten", "RepeatVector", "Reshape", "Permute", "Convolution1D", "Convolution2D", "MaxPooling1D", "MaxPooling2D",
        "AveragePooling1D", "AveragePooling2D", "GlobalMaxPooling1D", "GlobalMaxPooling2D", "ZeroPadding1D", "ZeroPadding2D",
        "UpSampling1D", "UpSampling2D",
    )
)  # fmt: skip
"""Layers that refuse a mask in Keras 2; measured on 2.2.4, 2.3.1 and 2.15.0 for those of sequences."""


_BEGINS = re.compile(r"\bInput\(|\bSequential\(|\binput_(?:shape|dim)\b")
"""What gives a network its input."""


@dataclass(frozen=True, slots=True)
class Inside:
    """The layer inside a wrapper: its class, None where nobody knows it, and the arguments that are not None, by parameter."""

    cls: str | None
    given: Mapping[str, ast.expr]


def inside(context: Context) -> Inside | None:
    """The layer that a wrapper is given, also by a name that is bound to it once; None where it is given none."""
    argument = context.site.bound.get("layer")
    if argument is None:
        return None
    scope = context.found.scope
    value = only(context.evaluator.values(argument.value, scope))
    cls = value.cls if isinstance(value, Instance) else None
    call, scope = context.evaluator.written(argument.value, scope)
    if not isinstance(call, ast.Call):
        return Inside(cls, {})
    layer = only(context.evaluator.values(call.func, scope))
    facts = context.evaluator.world.keras.get(layer.path) if isinstance(layer, KerasName) else None
    bound = bind(facts.signature, call, partial=True) if facts is not None and facts.signature is not None else None
    pairs = (
        [(item.parameter, item.value) for item in bound.arguments]
        if isinstance(bound, Bound)
        else [(keyword.arg, keyword.value) for keyword in call.keywords if keyword.arg is not None]
    )
    return Inside(cls, {name: value for name, value in pairs if not is_literal(value, None)})


def told_of_inside(context: Context, inner: Inside) -> Iterator[Told]:
    """What is told of the wrapper; measured on 1.2.2, 2.2.4, 2.3.1 and 2.15.0."""
    rule = context.site.rule
    if context.found.name == "keras.layers.Bidirectional":
        sequences = inner.given.get("return_sequences")
        listed = sequences is not None and not is_literal(sequences, False)
        if listed and context.site.is_for(_TF) and _masks(context):
            yield Told(rule, _ZEROS, ("loss", "training"), _TF)
        stateful = inner.given.get("stateful")
        if stateful is not None and not is_literal(stateful, False) and context.site.is_for(_STATELESS):
            yield Told(rule, _STATES, ("loss", "training"), _STATELESS)
        return
    if inner.cls == "keras.layers.BatchNormalization":
        yield Told(rule, _AVERAGES, ("training",), None)
    if any(name.endswith("regularizer") for name in inner.given) and not _is_applied(context):
        yield Told(rule, _PENALTY, ("loss", "training"), None)
    if inner.cls in _UNMASKED and context.site.is_for(_MASKING) and _masks(context):
        yield Told(rule, _REFUSED, (), _MASKING)


def _masks(context: Context) -> bool:
    """Whether the module, or one that it imports, speaks of masks; or makes no input, so that one may come from elsewhere."""
    world, module = context.evaluator.world, context.found.scope.module
    text = world.text(module)
    if MASKS.search(text) is not None or _BEGINS.search(text) is None:
        return True
    beside = [world.scopes(UserModule(key)) for key in imports_of(world, module)]
    return any(MASKS.search(world.text(there)) is not None for there in beside if there is not None)


def _is_applied(context: Context) -> bool:
    """Whether the wrapper is called where it is made, or added to a model, and so only once."""
    call = context.found.call
    parent = context.scopes.parents.get(call) if call is not None else None
    return isinstance(parent, ast.Call | ast.List)
