"""Does an expression give a layer of a model or of a wrapper, whatever its class is?"""

from __future__ import annotations

import ast

from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import NONE, UNKNOWN, Instance, UserObject, Values

_DEPTH = 4
_ANY_LAYER = frozenset({Instance("keras.layers.Layer")})
_WRAPPER = "keras.layers.Wrapper"


def held_layer(evaluator: Evaluator, node: ast.expr, scope: Scope, depth: int = 0) -> bool:
    """Whether a layer is taken from `model.layers`, in a loop, by its number or by its name from a dict of them, got by
    `get_layer`, or wrapped by an object."""
    if depth > _DEPTH:
        return False
    match node:
        case ast.Subscript(value=ast.Attribute(attr="layers")) | ast.Call(func=ast.Attribute(attr="get_layer")):
            return True
        case ast.Subscript(value=table):
            written, _ = evaluator.written(table, scope)
            return _lists_layers(written)
        case ast.Attribute(value=holder, attr="layer" | "forward_layer" | "backward_layer"):
            return _wraps(evaluator, holder, scope)
        case ast.Name():
            bindings = evaluator.bindings(node, scope)
            return bool(bindings) and all(
                (binding.kind == "loop" and binding.value is not None and _walks(binding.value))
                or (
                    binding.assigned is not None
                    and held_layer(evaluator, binding.assigned, binding.scope, depth + 1)
                )
                for binding in bindings or ()
            )
        case _:
            return False


def unknown_layer(values: Values) -> bool:
    """Whether nobody knows an object, or nothing but that it is a layer: what `get_layer` gives."""
    return values <= UNKNOWN | NONE | _ANY_LAYER


def _wraps(evaluator: Evaluator, node: ast.expr, scope: Scope) -> bool:
    """Whether an object is a wrapper of Keras, or of a class that derives from one."""
    values = evaluator.values(node, scope)
    return bool(values) and all(
        (isinstance(value, Instance) and evaluator.classes.is_a(value.cls, _WRAPPER))
        or (isinstance(value, UserObject) and evaluator.classes.inherits(value.cls, _WRAPPER))
        for value in values
    )


def _lists_layers(table: ast.expr) -> bool:
    """Whether a dict holds the layers of a model: `{x.name: x for x in model.layers}`, or `dict([(x.name, x) for ...])`."""
    match table:
        case ast.DictComp(value=ast.Name(id=name), generators=[ast.comprehension(target=ast.Name(id=target), iter=walked)]):
            return name == target and _walks(walked)
        case ast.Call(
            func=ast.Name(id="dict"),
            args=[
                ast.ListComp(elt=ast.Tuple(elts=[_, ast.Name(id=name)]), generators=[ast.comprehension() as loop])
                | ast.GeneratorExp(elt=ast.Tuple(elts=[_, ast.Name(id=name)]), generators=[ast.comprehension() as loop])
            ],
        ):
            return isinstance(loop.target, ast.Name) and loop.target.id == name and _walks(loop.iter)
        case _:
            return False


def _walks(node: ast.expr) -> bool:
    """Whether a loop goes over the layers of a model, perhaps counted, turned or sliced."""
    match node:
        case ast.Attribute(attr="layers"):
            return True
        case ast.Subscript(value=inner, slice=ast.Slice()):
            return _walks(inner)
        case ast.Call(func=ast.Name(id="enumerate" | "reversed" | "list" | "zip"), args=[inner, *_]):
            return _walks(inner)
        case _:
            return False
