"""Is a function `functools.partial`, under any alias?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from kmigrate.resolve.scopes import Scope

if TYPE_CHECKING:
    from kmigrate.resolve.evaluate import Evaluator


def is_partial(evaluator: Evaluator, func: ast.expr, scope: Scope) -> bool:
    """Whether `func` is `functools.partial`, under any alias."""
    if isinstance(func, ast.Attribute):
        return func.attr == "partial" and isinstance(func.value, ast.Name) and _is_functools(evaluator, func.value, scope)
    if not isinstance(func, ast.Name):
        return False
    bindings = evaluator.bindings(func, scope)
    return bool(bindings) and all(
        isinstance(binding.statement, ast.ImportFrom)
        and binding.statement.module == "functools"
        and isinstance(binding.node, ast.alias)
        and binding.node.name == "partial"
        for binding in bindings or ()
    )


def _is_functools(evaluator: Evaluator, node: ast.Name, scope: Scope) -> bool:
    bindings = evaluator.bindings(node, scope)
    return bool(bindings) and all(
        binding.kind == "import" and isinstance(binding.node, ast.alias) and binding.node.name == "functools"
        for binding in bindings or ()
    )
