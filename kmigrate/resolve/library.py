"""Which function of the standard library is called, under any alias?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from kmigrate.resolve.scopes import ModuleScope, Scope

if TYPE_CHECKING:
    from kmigrate.resolve.evaluate import Evaluator


def is_function(evaluator: Evaluator, func: ast.expr, scope: Scope, library: str, name: str) -> bool:
    """Whether `func` is this function of a module of the library: an attribute of the module, or imported from it."""
    if isinstance(func, ast.Attribute):
        return func.attr == name and isinstance(func.value, ast.Name) and _is_module(evaluator, func.value, scope, library)
    if not isinstance(func, ast.Name):
        return False
    bindings = evaluator.bindings(func, scope)
    return bool(bindings) and all(
        isinstance(binding.statement, ast.ImportFrom)
        and binding.statement.module == library
        and isinstance(binding.node, ast.alias)
        and binding.node.name == name
        for binding in bindings or ()
    )


def imports(module: ModuleScope, library: str) -> bool:
    """Whether a module imports this one of the library, or something from it."""
    for binding in module.imports:
        statement, node = binding.statement, binding.node
        if statement.__class__ is ast.ImportFrom:
            if statement.module == library:
                return True
        elif isinstance(node, ast.alias) and node.name == library:
            return True
    return False


def _is_module(evaluator: Evaluator, node: ast.Name, scope: Scope, library: str) -> bool:
    bindings = evaluator.bindings(node, scope)
    return bool(bindings) and all(
        binding.kind == "import" and isinstance(binding.node, ast.alias) and binding.node.name == library
        for binding in bindings or ()
    )
