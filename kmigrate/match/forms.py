"""Which of the shapes that rules ask for has an expression as it is written, or a value that it can be?"""

from __future__ import annotations

import ast

from kmigrate.match.closures import closes_over_tensors
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.values import Instance, RawTensor, Tensor, UserFunction, UserObject, Value
from kmigrate.ruleset.schema import Shape

LITERALS: dict[Shape, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "bool": (bool,),
    "none": (type(None),),
    "tuple": (tuple,),
    "list": (list,),
    "dict": (dict,),
}
"""The types of the literals that have a shape."""

_SYNTAX: dict[Shape, type[ast.expr] | tuple[type[ast.expr], ...]] = {
    "tuple": ast.Tuple,
    "list": (ast.List, ast.ListComp),
    "dict": (ast.Dict, ast.DictComp),
    "lambda": ast.Lambda,
    "function": ast.Lambda,
    "name": (ast.Name, ast.Attribute),
    "starred": ast.Starred,
}


def written_as(value: ast.expr, shape: Shape) -> bool:
    """Whether the syntax alone gives an expression this shape."""
    syntax = _SYNTAX.get(shape)
    return syntax is not None and isinstance(value, syntax)


def resolves_to(value: Value, shape: Shape, evaluator: Evaluator) -> bool:
    """Whether what an expression can be is a tensor, a function or a model of this shape."""
    match shape:
        case "keras_tensor":
            return isinstance(value, Tensor)
        case "graph_tensor":
            return isinstance(value, Tensor) or value == RawTensor(True)
        case "any_tensor":
            return isinstance(value, Tensor | RawTensor)
        case "function":
            return isinstance(value, UserFunction)
        case "tensor_closure":
            return isinstance(value, UserFunction) and closes_over_tensors(value, evaluator)
        case "model":
            model = "keras.models.Model"
            if isinstance(value, Instance):
                return evaluator.classes.is_a(value.cls, model)
            return isinstance(value, UserObject) and evaluator.classes.inherits(value.cls, model)
        case _:
            return False
