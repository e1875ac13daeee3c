"""Which metrics of a compile give a dict of values, which one number for a batch, and which come twice?"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from kmigrate.match.literals import items
from kmigrate.resolve.returns import results
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import KerasName, Literal, UserFunction, only
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.handlers.averages import METRICS

_DEPTH = 6
_REDUCING = frozenset({"mean", "sum", "max", "min", "prod", "std"})
_KEEPING = frozenset({"abs", "exp", "log", "round", "sqrt", "square"})
_DICTS = frozenset({"dict", "OrderedDict", "defaultdict"})


def giving_a_dict(context: Context) -> str | None:
    """What the first metric is called that returns a dict; None if none does."""
    for item, given in _functions(context):
        if any(_is_dict(context, value, scope) for value, scope in given):
            return context.site.module.segment(item)
    return None


def giving_one_number(context: Context) -> str | None:
    """What the first metric is called that reduces a batch to one number by itself."""
    for item, given in _functions(context):
        numbers = [_is_number(context, value, scope) and not _is_metric(context, value, scope) for value, scope in given]
        if given and all(numbers):
            return context.site.module.segment(item)
    return None


def coming_twice(context: Context) -> str | None:
    """The first metric whose name in the history another of the list has already."""
    metrics = context.site.bound.get("metrics")
    for listed in _lists(metrics.value) if metrics is not None else ():
        seen: set[object] = set()
        for item in listed.elts:
            metric = _metric(context, item)
            if metric is not None and metric in seen:
                return context.site.module.segment(item)
            seen.add(metric)
    return None


def _lists(value: ast.expr) -> list[ast.List | ast.Tuple]:
    found = value.values if isinstance(value, ast.Dict) else [value]
    return [item for item in found if isinstance(item, ast.List | ast.Tuple)]


def _metric(context: Context, item: ast.expr) -> object:
    """What tells a metric from others: a function is called by its own name, a string as it stands; None where nobody knows."""
    match only(context.evaluator.values(item, context.found.scope)):
        case Literal(value=str(name)):
            return name
        case KerasName(path=path):
            return path.rpartition(".")[2]
        case UserFunction() as function if not _is_renamed(function):
            return function.node
        case _:
            return None


def _is_renamed(function: UserFunction) -> bool:
    """Whether a function is given another name where it is made: those that one maker makes can have one each."""
    stores = function.scope.module.attribute_stores
    own = getattr(function.node, "name", None)
    return any(store.attr == "__name__" and isinstance(store.value, ast.Name) and store.value.id == own for store, _ in stores)


def _functions(context: Context) -> Iterator[tuple[ast.expr, list[tuple[ast.expr, Scope]]]]:
    """The metrics that are functions of the user, with what they return and its scope."""
    metrics = context.site.bound.get("metrics")
    for item in items(metrics.value) if metrics is not None else ():
        for function in context.evaluator.values(item, context.found.scope):
            if isinstance(function, UserFunction):
                scope = function.scope.module.scope_of[function.node]
                yield item, [(value, scope) for value in _returned(function.node) if value is not None]


def _returned(node: ast.AST) -> Iterator[ast.expr | None]:
    if isinstance(node, ast.Lambda):
        yield node.body
    elif isinstance(node, ast.FunctionDef):
        yield from results(node)


def _is_number(context: Context, value: ast.expr, scope: Scope, depth: int = 0) -> bool:
    """Whether a value certainly is one number for all samples: `K.mean(x)`, and what is computed of such numbers."""
    match value:
        case ast.BinOp(left=left, right=right):
            sides = [side for side in (left, right) if not _is_constant(context, side, scope)]
            return bool(sides) and all(_is_number(context, side, scope, depth) for side in sides)
        case ast.UnaryOp(operand=operand):
            return _is_number(context, operand, scope, depth)
        case ast.Call() if _is_metric(context, value, scope):
            return True
        case ast.Call(args=[inner], keywords=[]):
            name = _backend(context, value, scope)
            return name in _REDUCING or (name in _KEEPING and _is_number(context, inner, scope, depth))
        case ast.Name() if depth < _DEPTH:
            made = context.evaluator.assigned(value, scope)
            return bool(made) and all(_is_number(context, item, inner, depth + 1) for item, inner in made)
        case _:
            return False


def _is_metric(context: Context, value: ast.expr, scope: Scope) -> bool:
    """Whether a value is what a metric of Keras gives: returned as it stands, it stays one number for each sample."""
    return isinstance(value, ast.Call) and (context.evaluator.path(value.func, scope) or "").startswith(METRICS)


def _is_constant(context: Context, value: ast.expr, scope: Scope) -> bool:
    return isinstance(value, ast.Constant) or (
        isinstance(value, ast.Call) and _backend(context, value, scope) == "epsilon"
    )


def _backend(context: Context, call: ast.Call, scope: Scope) -> str:
    path = context.evaluator.path(call.func, scope) or ""
    return path.rpartition(".")[2] if path.startswith("keras.backend.") else ""


def _is_dict(context: Context, value: ast.expr, scope: Scope) -> bool:
    match value:
        case ast.Dict() | ast.DictComp():
            return True
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in _DICTS
        case ast.Name():
            made = [binding.assigned for binding in context.evaluator.bindings(value, scope) or ()]
            return any(
                not isinstance(item, ast.Name) and _is_dict(context, item, scope) for item in made if item is not None
            )
        case _:
            return False
