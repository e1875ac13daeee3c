"""Does an expression give a layer of a model, whatever its class is?"""

from __future__ import annotations

import ast

from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import Scope

_DEPTH = 4


def of_model_layers(evaluator: Evaluator, node: ast.expr, scope: Scope, depth: int = 0) -> bool:
    """Whether a layer is taken from `model.layers`, in a loop or by its number, or got by `get_layer`."""
    if depth > _DEPTH:
        return False
    match node:
        case ast.Subscript(value=ast.Attribute(attr="layers")) | ast.Call(func=ast.Attribute(attr="get_layer")):
            return True
        case ast.Name():
            bindings = evaluator.bindings(node, scope)
            return bool(bindings) and all(
                (binding.kind == "loop" and binding.value is not None and _walks(binding.value))
                or (
                    binding.assigned is not None
                    and of_model_layers(evaluator, binding.assigned, binding.scope, depth + 1)
                )
                for binding in bindings or ()
            )
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
