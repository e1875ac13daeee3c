"""Which attributes that the user sets say something to an object of Keras?"""

from __future__ import annotations

import ast
from collections.abc import Container, Iterable, Iterator

from kmigrate.match.found import Found
from kmigrate.match.guesses import Guesses
from kmigrate.match.inherited import read_by_keras
from kmigrate.match.layers import held_layer, unknown_layer
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import NONE, Instance, RawTensor, Tensor, Unknown, UserObject, only

_LAYER = "keras.layers.Layer"


def assignments(
    evaluator: Evaluator, guessing: Guesses, stores: Iterable[tuple[ast.Attribute, Scope]], assigned: Container[str],
    kept: Container[str], protocol: Container[str],
) -> Iterator[Found]:  # fmt: skip
    """The uses among these attributes that are set: `assigned` are names that rules treat there, `kept` where they are read;
    `protocol` are methods that rules rename, set on an object of Keras."""
    for node, scope in stores:
        if node.attr not in assigned:
            if node.attr in kept:
                yield from _set(evaluator, guessing, node, scope)
            elif node.attr in protocol and isinstance(value := only(evaluator.values(node.value, scope)), Instance):
                yield Found("attribute", f"{value.cls}.{node.attr}", node, scope, cls=value.cls)
            continue
        values = evaluator.values(node.value, scope)
        if values and all(isinstance(value, Tensor | RawTensor) for value in values):
            yield Found("assign", f"keras_tensor.{node.attr}", node, scope, cls="keras_tensor")
            continue
        value = only(values)
        if isinstance(value, UserObject):
            bases = evaluator.classes.keras_bases(value.cls)
            if bases:
                yield Found("assign", f"{bases[0]}.{node.attr}", node, scope, cls=bases[0])
        elif isinstance(value, Instance):
            yield Found("assign", f"{value.cls}.{node.attr}", node, scope, cls=value.cls)
        elif isinstance(value, Unknown) and held_layer(evaluator, node.value, scope):
            yield Found("assign", f"{_LAYER}.{node.attr}", node, scope, cls=_LAYER, certain=False)


def _set(evaluator: Evaluator, guessing: Guesses, node: ast.Attribute, scope: Scope) -> Iterator[Found]:
    """An attribute that Keras 1 asks an object for, set on it: `layer.W_regularizer = l2(0.1)`, also by a class on its own."""
    values = evaluator.values(node.value, scope) - NONE
    value = only(values)
    if isinstance(value, UserObject):
        base = read_by_keras(evaluator, value.cls, node, scope)
        if base is not None:
            yield Found("assign", f"{base}.{node.attr}", node, scope, cls=base)
        return
    if isinstance(value, Instance) and evaluator.world.keras.member(value.cls, node.attr) is not None:
        yield Found("assign", f"{value.cls}.{node.attr}", node, scope, cls=value.cls)
    elif node.attr in guessing.names and unknown_layer(values):
        yield from guessing.attribute(node, node.attr, node.value, scope)
