"""Which comparisons does the result of a call meet, where it meets nothing else but arguments of Keras and output?

Where that is known, the literals that it is compared with can be renamed with the call. Where it is not, the call goes on
to give the words of Keras 1, and so does every name and attribute that holds its result.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from kmigrate.match.arguments import Misfit, bind
from kmigrate.match.constructions import constructed
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import KerasMember, KerasName

OTHER_BACKENDS = ("keras.backend.theano_backend", "keras.backend.cntk_backend")
"""Modules that the tables know by the names of `keras.backend` alone."""

_OUTPUT = ("print", "str", "repr")
_PARAMETER = "dim_ordering"


def comparisons(node: ast.expr, scope: Scope, evaluator: Evaluator) -> frozenset[ast.Compare] | None:
    """The comparisons that a value reaches; None where it reaches something else, too."""
    parent = scope.module.parents.get(node)
    match parent:
        case ast.Compare():
            return frozenset({parent})
        case ast.Expr():
            return frozenset()
        case ast.Call(func=ast.Name(id=name)) if name in _OUTPUT:
            return frozenset()
        case ast.Assign(targets=[ast.Name(id=name)]) if parent.value is node:
            return _of_name(name, node, scope, evaluator)
        case _:
            return frozenset() if _is_argument(node, scope, evaluator) else None


def _is_argument(node: ast.expr, scope: Scope, evaluator: Evaluator) -> bool:
    """Whether an expression, or another in its place, is handed to Keras, where every literal of the choice changes as well."""
    parent = scope.module.parents.get(node)
    match parent:
        case ast.IfExp() if node is not parent.test:
            return _is_argument(parent, scope, evaluator)
        case ast.BoolOp():
            return _is_argument(parent, scope, evaluator)
        case ast.keyword(arg=arg):
            call = scope.module.parents.get(parent)
            return arg == _PARAMETER and isinstance(call, ast.Call) and _of_keras(call, scope, evaluator)
        case ast.Call() if node in parent.args:
            return _of_keras(parent, scope, evaluator)
        case _:
            return False


def renamed(value: ast.expr, scope: Scope, evaluator: Evaluator) -> bool:
    """Whether a value that only calls of `K.image_dim_ordering` can give has the words of Keras 2 after the change."""
    if isinstance(value, ast.Call):
        return comparisons(value, scope, evaluator) is not None
    given = evaluator.assigned(value, scope) if isinstance(value, ast.Name) else []
    return bool(given) and all(comparisons(call, inner, evaluator) is not None for call, inner in given)


def _of_name(name: str, node: ast.expr, scope: Scope, evaluator: Evaluator) -> frozenset[ast.Compare] | None:
    """The comparisons that a value reaches by the name that it is assigned."""
    owner = scope.lookup(name)
    module = scope.module
    if owner is None or name in module.exported:
        return None
    reached: list[frozenset[ast.Compare] | None] = []
    for load, inner in module.names:
        if load.id != name or inner.lookup(name) is not owner or not isinstance(load.ctx, ast.Load):
            continue
        bindings = evaluator.bindings(load, inner)
        if bindings is None or not any(binding.value is node for binding in bindings):
            continue
        if evaluator.values(load, inner) != evaluator.values(node, scope):
            return None
        reached.append(comparisons(load, inner, evaluator))
    return _all(reached)


def _of_keras(call: ast.Call, scope: Scope, evaluator: Evaluator) -> bool:
    """Whether a call is one of Keras, whose arguments follow."""
    values = evaluator.values(call.func, scope)
    return bool(values) and all(
        _follows(value.path, call, evaluator) if isinstance(value, KerasName)
        else isinstance(value, KerasMember) or constructed(evaluator, value, call.func, call) is not None
        for value in values
    )  # fmt: skip


def _follows(path: str, call: ast.Call, evaluator: Evaluator) -> bool:
    """Whether what the call of a function is given follows: a private one that no target takes is copied as it was."""
    module, _, name = path.rpartition(".")
    if not name.startswith("_") or module in OTHER_BACKENDS:
        return True
    found = [target.get(path) for target in evaluator.world.targets]
    signatures = [item.signature for item in found if item is not None and item.signature is not None]
    return any(not isinstance(bind(signature, call), Misfit) for signature in signatures)


def _all(reached: Iterable[frozenset[ast.Compare] | None]) -> frozenset[ast.Compare] | None:
    found: frozenset[ast.Compare] = frozenset()
    for some in reached:
        if some is None:
            return None
        found |= some
    return found
