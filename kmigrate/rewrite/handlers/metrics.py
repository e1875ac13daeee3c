"""Which metrics of a compile give a dict of values? Only Keras 1 takes one apart."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from kmigrate.match.conditions import items
from kmigrate.resolve.returns import results
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import UserFunction
from kmigrate.rewrite.handlers import Context

_DICTS = frozenset({"dict", "OrderedDict", "defaultdict"})


def giving_a_dict(context: Context) -> str | None:
    """What the first metric is called that returns a dict; None if none does."""
    metrics = context.site.bound.get("metrics")
    for item in items(metrics.value) if metrics is not None else ():
        for function in context.evaluator.values(item, context.found.scope):
            if isinstance(function, UserFunction) and any(_gives_a_dict(context, function)):
                return context.site.module.segment(item)
    return None


def _gives_a_dict(context: Context, function: UserFunction) -> Iterator[bool]:
    node = function.node
    scope = function.scope.module.scope_of[node]
    if isinstance(node, ast.Lambda):
        yield _is_dict(context, node.body, scope)
    elif isinstance(node, ast.FunctionDef):
        for value in results(node):
            yield value is not None and _is_dict(context, value, scope)


def _is_dict(context: Context, value: ast.expr, scope: Scope) -> bool:
    match value:
        case ast.Dict() | ast.DictComp():
            return True
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in _DICTS
        case ast.Name():
            bindings = context.evaluator.bindings(value, scope) or ()
            made = [binding.value for binding in bindings if binding.kind == "assign" and not binding.path]
            return any(
                not isinstance(item, ast.Name) and _is_dict(context, item, scope) for item in made if item is not None
            )
        case _:
            return False
