"""What does a function return or yield, as it is written?"""

from __future__ import annotations

import ast
from collections.abc import Iterator


def results(node: ast.FunctionDef) -> Iterator[ast.expr | None]:
    """What a function returns or yields, as written."""
    for statement in _own_statements(node.body):
        match statement:
            case ast.Return(value=value) | ast.Expr(value=ast.Yield() | ast.YieldFrom() as value):
                yield value


def _own_statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        yield statement
        if statement.__class__ in _SIMPLE:
            continue
        for name in ("body", "orelse", "finalbody"):
            yield from _own_statements(getattr(statement, name, []))
        for handler in getattr(statement, "handlers", ()):
            yield from _own_statements(handler.body)


_SIMPLE = frozenset({ast.Assign, ast.AugAssign, ast.Expr, ast.Return, ast.Import, ast.ImportFrom, ast.Pass, ast.Raise})
"""The frequent statements that hold no others."""
