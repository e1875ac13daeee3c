"""Of which classes of Keras is an object that nobody knows, where a test by isinstance stands before?"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import ModuleScope, Scope
from kmigrate.resolve.values import NOTHING, Instance, Values

_BORDERS = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef


def narrowed(module: ModuleScope, evaluator: Evaluator, node: ast.expr, scope: Scope) -> Values:
    """Objects of the classes that `node` is asked for in an `if` around it; nothing where no test tells."""
    if not isinstance(node, ast.Name) or "isinstance" not in module.loads:
        return NOTHING
    for test, branch in _tests(module, node):
        classes = _asked(test, node.id)
        if classes is not None and not _is_bound_in(scope, node.id, branch):
            paths = [evaluator.path(cls, scope) for cls in classes]
            if all(paths):
                return frozenset(Instance(path) for path in paths if path is not None)
    return NOTHING


def _tests(module: ModuleScope, node: ast.expr) -> Iterator[tuple[ast.expr, list[ast.AST]]]:
    """The conditions that hold where the node stands, each with what stands under it, innermost first."""
    child: ast.AST = node
    parent = module.parents.get(child)
    while parent is not None and not isinstance(parent, _BORDERS):
        if isinstance(parent, ast.If) and child in parent.body:
            yield parent.test, list(parent.body)
        elif isinstance(parent, ast.IfExp) and child is parent.body:
            yield parent.test, [parent.body]
        elif isinstance(parent, ast.BoolOp) and isinstance(parent.op, ast.And):
            for value in parent.values:
                if value is child:
                    break
                yield value, [parent]
        elif isinstance(parent, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) and isinstance(child, ast.expr):
            for generator in parent.generators:
                for condition in generator.ifs:
                    yield condition, [child]
        child, parent = parent, module.parents.get(parent)


def _asked(test: ast.expr, name: str) -> list[ast.expr] | None:
    """The classes of `isinstance(name, classes)`, alone or among conditions that all hold."""
    match test:
        case ast.BoolOp(op=ast.And(), values=values):
            return next((found for found in (_asked(value, name) for value in values) if found is not None), None)
        case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id=asked), classes]) if asked == name:
            return classes.elts if isinstance(classes, ast.Tuple) else [classes]
        case _:
            return None


def _is_bound_in(scope: Scope, name: str, branch: list[ast.AST]) -> bool:
    """Whether the name gets another value under the test."""
    owner = scope.lookup(name)
    bound = {binding.statement or binding.node for binding in owner.bindings.get(name, ())} if owner is not None else set()
    return any(inner in bound for node in branch for inner in ast.walk(node))
