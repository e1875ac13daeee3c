"""Does an operation have the shape of a pattern (`$left + $right`), and what stands in its holes?"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from functools import cache

from kmigrate.match.arguments import Misfit, bind
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import KerasName, only

ANY = "$operation"
"""The pattern that every operation has."""

_PREFIX = "hole_"


def fits(pattern: str, node: ast.expr | ast.AugAssign, scope: Scope, evaluator: Evaluator) -> Mapping[str, ast.expr] | None:
    """What stands in the holes of the pattern; None if the operation has another shape.

    `x += y` has the shape of `x + y`. In a pattern, `K` is the backend.
    """
    holes: dict[str, ast.expr] = {}
    if isinstance(node, ast.AugAssign):
        node = ast.BinOp(node.target, node.op, node.value)
    return holes if _fits(_parsed(pattern), node, holes, scope, evaluator) else None


@cache
def _parsed(pattern: str) -> ast.expr:
    return ast.parse(re.sub(r"\$(\w+)", rf"{_PREFIX}\1", pattern), mode="eval").body


def _fits(
    pattern: ast.expr, node: ast.expr, holes: dict[str, ast.expr], scope: Scope, evaluator: Evaluator
) -> bool:
    match pattern, node:
        case ast.Name(id=name), _ if name.startswith(_PREFIX):
            known = holes.setdefault(name.removeprefix(_PREFIX), node)
            return known is node or ast.dump(known) == ast.dump(node)
        case ast.Constant(value=wanted), ast.Constant(value=value):
            return bool(wanted == value) and not isinstance(value, bool)
        case ast.BinOp(), ast.BinOp():
            return (
                type(pattern.op) is type(node.op)
                and _fits(pattern.left, node.left, holes, scope, evaluator)
                and _fits(pattern.right, node.right, holes, scope, evaluator)
            )
        case ast.Call(), ast.Call():
            return _calls(pattern, node, holes, scope, evaluator)
        case _:
            return False


def _calls(pattern: ast.Call, node: ast.Call, holes: dict[str, ast.expr], scope: Scope, evaluator: Evaluator) -> bool:
    """A call of the same backend function, with arguments that fit; the call may not have others."""
    assert isinstance(pattern.func, ast.Attribute)
    path = f"keras.backend.{pattern.func.attr}"
    called = only(evaluator.values(node.func, scope))
    found = evaluator.world.keras.get(path)
    if not isinstance(called, KerasName) or called.path != path or found is None or found.signature is None:
        return False
    wanted, given = bind(found.signature, pattern), bind(found.signature, node)
    if isinstance(wanted, Misfit) or isinstance(given, Misfit) or given.opaque or wanted.names != given.names:
        return False
    for argument in wanted.arguments:
        other = given.get(argument.parameter)
        if other is None or not _fits(argument.value, other.value, holes, scope, evaluator):
            return False
    return True
