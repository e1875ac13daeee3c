"""Has a statement run whenever a place below it is reached, or does it stand on another way through the program?"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

_SCOPES = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def on_every_way(statement: ast.AST, node: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> bool:
    """Whether a statement has run where `node` is reached, which stands below it, in its scope or one inside.

    The branches that a program may not take are those of `if`, `try`, `match` and loops: a statement in one of them serves what
    stands in the same branch.
    """
    child, parent = statement, parents.get(statement)
    while parent is not None and not isinstance(parent, _SCOPES):
        block = _branch(parent, child)
        if block is not None and not _within(node, block, parents):
            return False
        child, parent = parent, parents.get(parent)
    return True


def in_loop(node: ast.AST, scope: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> bool:
    """Whether a loop in the scope of this node may come back to `node`."""
    current: ast.AST | None = node
    while current is not None and current is not scope:
        if isinstance(current, ast.For | ast.AsyncFor | ast.While):
            return True
        current = parents.get(current)
    return False


def _branch(parent: ast.AST, child: ast.AST) -> Sequence[ast.AST] | None:
    """The statements that run with `child` if it does; None where it always runs with its parent."""
    match parent:
        case ast.With() | ast.AsyncWith():
            return None
        case ast.Try() if child in parent.finalbody:
            return None
        case ast.Try() if child in parent.body:
            return [*parent.body, *parent.orelse]
        case _:
            blocks = (getattr(parent, name, []) for name in ("body", "orelse", "handlers", "cases"))
            return next((block for block in blocks if child in block), [])


def _within(node: ast.AST, block: Sequence[ast.AST], parents: Mapping[ast.AST, ast.AST]) -> bool:
    current: ast.AST | None = node
    while current is not None:
        if current in block:
            return True
        current = parents.get(current)
    return False
