"""Where do tensors have to be outputs of layers: what is given to layers and models at graph level?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from kmigrate.keras.signatures import Knowledge
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.flow.plain import Plain
from kmigrate.resolve.roles import Roles
from kmigrate.resolve.scopes import ModuleScope, Scope
from kmigrate.resolve.values import OTHER, UNKNOWN, Instance, KerasName, UserObject, Value, Values

_MODEL = "keras.models.Model"
_LAYER = "keras.layers.Layer"
_ENDS = ("input", "output", "inputs", "outputs")


def ends(
    module: ModuleScope, evaluator: Evaluator, roles: Roles, lines: frozenset[int] | None = None
) -> Iterator[tuple[ast.expr, Scope, ast.Call]]:
    """What layers and models are given at graph level, with the call; `lines` restricts it to calls that start there."""
    plain = Plain(module, evaluator)
    for argument, scope, call in taken(module, evaluator, lines):
        if plain.foreign(call.func, scope) or all(plain.output(item, scope) for item in _arguments(call)):
            continue
        if roles.builds_graph(scope):
            yield argument, scope, call


def taken(
    module: ModuleScope, evaluator: Evaluator, lines: frozenset[int] | None = None
) -> Iterator[tuple[ast.expr, Scope, ast.Call]]:
    """What layers and models are given anywhere, inside of layers too, and what is plainly an output among it."""
    methods = _methods(evaluator.world.keras)
    calls = module.calls if lines is None else [found for found in module.calls if found[0].lineno in lines]
    for call, scope in calls:
        if not call.args and not call.keywords:
            continue
        func = call.func
        if isinstance(func, ast.Attribute) and func.attr in methods:
            continue
        values = evaluator.values(func, scope)
        if values is OTHER or values is UNKNOWN:  # nearly always
            continue
        for argument in _given(call, values, evaluator):
            yield argument, scope, call


def is_model(call: ast.Call, scope: Scope, evaluator: Evaluator) -> bool:
    """Whether a call makes a model."""
    values = evaluator.values(call.func, scope)
    return bool(values) and all(isinstance(value, KerasName) and value.path == _MODEL for value in values)


@cache
def _methods(keras: Knowledge) -> frozenset[str]:
    """What a model is asked for: never a layer."""
    return frozenset(name for name in keras.member_names() if keras.member("keras.models.Sequential", name) is not None)


def _given(call: ast.Call, callees: Values, evaluator: Evaluator) -> list[ast.expr]:
    """What a call gives to a layer, a model or a function that makes a layer."""
    for value in callees:
        if _is_layer(value, evaluator):
            return call.args[:1]
        if isinstance(value, KerasName):
            return _taken(value.path, call, evaluator)
    return []


def _arguments(call: ast.Call) -> Iterator[ast.expr]:
    yield from call.args[:2]
    yield from (keyword.value for keyword in call.keywords if keyword.arg in _ENDS)


def _taken(path: str, call: ast.Call, evaluator: Evaluator) -> list[ast.expr]:
    found = evaluator.world.keras.get(path)
    if path == _MODEL:
        named = [keyword.value for keyword in call.keywords if keyword.arg in _ENDS]
        return [*call.args[:2], *named]
    if found is None or found.kind != "function" or found.returns != "keras_tensor" or path == "keras.layers.Input":
        return []
    return [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "inputs")]


def _is_layer(value: Value, evaluator: Evaluator) -> bool:
    if isinstance(value, Instance):
        return evaluator.classes.is_a(value.cls, _LAYER)
    return isinstance(value, UserObject) and evaluator.classes.inherits(value.cls, _LAYER)
