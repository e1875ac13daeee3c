"""Which calls hand a layer its one tensor in a list: `Dense(3)([x])`?"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from kmigrate.match.found import Found
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import Instance, Sequence, UserClass, UserFunction, UserObject, Value, only

_LAYER, _MERGE, _MODEL = "keras.layers.Layer", "keras.layers.Merge", "keras.models.Model"
_CALL = "__call__"


def in_lists(evaluator: Evaluator, calls: Iterable[tuple[ast.Call, Scope]]) -> Iterator[Found]:
    """The calls of layers that are no models and no merges, with a list of one item; Keras 1 hands on the item."""
    for call, scope in calls:
        item = _one_item(call)
        if item is None:
            continue
        values = evaluator.values(call.func, scope)
        classes = {_class_of(evaluator, value) for value in values}
        if classes and None not in classes and not _is_list(evaluator, item, scope):
            certain = not any(isinstance(value, UserObject) and _takes_list(value.cls, evaluator) for value in values)
            yield Found("method", f"{_LAYER}.{_CALL}", call.func, scope, call, cls=_LAYER, certain=certain)


def _one_item(call: ast.Call) -> ast.expr | None:
    """The item of the list that is all a call gives."""
    if len(call.args) != 1 or call.keywords:
        return None
    match call.args[0]:
        case ast.List(elts=[item]) if not isinstance(item, ast.Starred):
            return item
        case _:
            return None


def _class_of(evaluator: Evaluator, value: Value) -> str | None:
    """The class of Keras that a layer with one input is of; None for anything else."""
    classes = evaluator.classes
    match value:
        case Instance(cls=cls) if classes.is_a(cls, _LAYER) and not classes.is_a(cls, _MODEL) and not classes.is_a(cls, _MERGE):
            return cls
        case UserObject(cls=user) if classes.inherits(user, _LAYER) and not classes.overridden(user, _CALL):
            return None if classes.inherits(user, _MODEL) or classes.inherits(user, _MERGE) else _LAYER
        case _:
            return None


def _takes_list(cls: UserClass, evaluator: Evaluator) -> bool:
    """Whether the `call` of a class picks items of what it is given: that may have been written for Keras 2."""
    method = only(evaluator.classes.attribute(cls, "call", bound=False))
    function = method.node if isinstance(method, UserFunction) else None
    if not isinstance(function, ast.FunctionDef) or len(function.args.args) < 2:
        return False
    given = function.args.args[1].arg
    for node in ast.walk(function):
        match node:
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant()) if name == given:
                return True
            case ast.Assign(targets=[ast.Tuple() | ast.List()], value=ast.Name(id=name)) if name == given:
                return True
            case _:
                pass
    return False


def _is_list(evaluator: Evaluator, item: ast.expr, scope: Scope) -> bool:
    return any(isinstance(value, Sequence) for value in evaluator.values(item, scope))
