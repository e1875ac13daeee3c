"""What does a list hold that grows, or whose items are set, by the name it is bound to?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from kmigrate.resolve.operators import items, union
from kmigrate.resolve.scopes import Binding, Scope
from kmigrate.resolve.values import NOTHING, UNKNOWN, Sequence, Values

if TYPE_CHECKING:
    from kmigrate.resolve.evaluate import Evaluator


def grown(evaluator: Evaluator, binding: Binding, made: Values) -> Values:
    """The value of a name that is bound to `made`: what it has of lists holds all that the module puts into them besides."""
    lists = frozenset(value for value in made if isinstance(value, Sequence))
    put = _put(evaluator, binding) if lists else []
    if not put:
        return made
    return (made - lists) | {Sequence((union([items(lists), *put]),), homogeneous=True)}


def _put(evaluator: Evaluator, binding: Binding) -> list[Values]:
    """What each statement puts into the list that changes it: nothing where it only takes an item out, or moves them."""
    module = binding.scope.module
    found = []
    for load, scope in module.loads.get(binding.name, ()):
        place = module.parents.get(load)
        if isinstance(place, ast.Attribute | ast.Subscript) and place.value is load:
            put = _put_by(evaluator, place, module.parents.get(place), scope)
            if put is not None and binding in (evaluator.bindings(load, scope) or ()):
                found.append(put)
    return found


def _put_by(evaluator: Evaluator, place: ast.Attribute | ast.Subscript, parent: ast.AST | None, scope: Scope) -> Values | None:
    """What comes into a list by what is done with `place`, a method or an item of it; None where the list stays as it is."""
    match place, parent:
        case ast.Attribute(attr="append"), ast.Call(args=[item]):
            return evaluator.values(item, scope)
        case ast.Attribute(attr="insert"), ast.Call(args=[_, item]):
            return evaluator.values(item, scope)
        case ast.Attribute(attr="extend"), ast.Call(args=[more]):
            return items(evaluator.values(more, scope))
        case ast.Attribute(attr="pop" | "remove" | "reverse" | "sort"), ast.Call():
            return NOTHING
        case ast.Subscript(slice=ast.Slice()), ast.Assign(value=more) if isinstance(place.ctx, ast.Store):
            return items(evaluator.values(more, scope))
        case ast.Subscript(), ast.Assign(value=item) if isinstance(place.ctx, ast.Store):
            return evaluator.values(item, scope)
        case ast.Subscript(ctx=ast.Store()), _:
            return UNKNOWN
        case ast.Subscript(ctx=ast.Del()), _:
            return NOTHING
        case _:
            return None
