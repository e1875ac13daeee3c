"""`global` and `nonlocal`: names that belong to another scope, wherever in the function that is said."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.walk.dispatch import Visits

if TYPE_CHECKING:
    from kmigrate.resolve.walk.walk import Walk


def hoist(walk: Walk, body: list[ast.stmt], scope: Scope) -> None:
    """Follow the declarations of a function before its statements are visited: Python 2 lets them stand behind what they
    are about."""
    for statement in body:
        for node in (statement, *_nested(statement)):
            if isinstance(node, ast.Global):
                _global(walk, node, scope)
            elif isinstance(node, ast.Nonlocal):
                _nonlocal(walk, node, scope)


def _global(walk: Walk, node: ast.Global, scope: Scope) -> None:
    for name in node.names:
        scope.elsewhere[name] = None


def _nonlocal(walk: Walk, node: ast.Nonlocal, scope: Scope) -> None:
    around = [outer for outer in scope.chain() if outer is not scope and outer.kind in ("function", "lambda")]
    for name in node.names:
        bound = (outer for outer in around if name in outer.bindings)
        scope.elsewhere[name] = next(bound, around[0] if around else None)  # the innermost may bind it further down


def _nested(statement: ast.stmt) -> Iterator[ast.stmt]:
    for name in ("body", "orelse", "finalbody"):
        for inner in getattr(statement, name, ()):
            if isinstance(inner, ast.stmt) and not isinstance(
                statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
            ):
                yield inner
                yield from _nested(inner)
    for handler in getattr(statement, "handlers", ()):
        for inner in handler.body:
            yield inner
            yield from _nested(inner)


VISITS: Visits = {
    ast.Global: _global,
    ast.Nonlocal: _nonlocal,
}
