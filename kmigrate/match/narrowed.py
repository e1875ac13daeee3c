"""Of which classes of Keras is an object that nobody knows, where a test of its class, or of the name of that, stands before?"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import ModuleScope, Scope
from kmigrate.resolve.values import NOTHING, UNKNOWN, Instance, Values

TESTS = frozenset({"isinstance", "type"})
"""What can tell the class of an object, apart from its `__class__`."""

_BORDERS = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef


def narrowed(module: ModuleScope, evaluator: Evaluator, node: ast.expr, scope: Scope) -> Values:
    """Objects of the classes that `node` is asked for in an `if` around it; nothing where no test tells."""
    if not isinstance(node, ast.Name):
        return NOTHING
    for test, branch in _tests(module, node):
        classes = _asked(test, node.id)
        if not classes or _is_bound_in(scope, node.id, branch):
            continue
        named = [str(cls.value) for cls in classes if isinstance(cls, ast.Constant)]
        paths = [evaluator.world.keras.canonical("keras.layers." + name) for name in named] or [
            evaluator.path(cls, scope) for cls in classes
        ]
        if all(paths):
            found = frozenset(Instance(path) for path in paths if path is not None)
            return found | UNKNOWN if named else found
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
    """The classes, or their names, that an object is asked for, alone or among conditions that all hold."""
    match test:
        case ast.BoolOp(op=ast.And(), values=values):
            return next((found for found in (_asked(value, name) for value in values) if found is not None), None)
        case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id=asked), classes]) if asked == name:
            return _listed(classes)
        case ast.Compare(left=ast.Attribute(value=cls, attr="__name__"), ops=[ast.Eq() | ast.In()], comparators=[names]):
            found = _listed(names) if _is_class_of(cls, name) else []
            return found if all(isinstance(item, ast.Constant) and isinstance(item.value, str) for item in found) else None
        case ast.Compare(left=cls, ops=[ast.Eq() | ast.Is() | ast.In()], comparators=[classes]) if _is_class_of(cls, name):
            return _listed(classes)
        case _:
            return None


def _listed(node: ast.expr) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple | ast.List) else [node]


def _is_class_of(node: ast.expr, name: str) -> bool:
    """Whether an expression is `type(name)` or `name.__class__`."""
    match node:
        case ast.Call(func=ast.Name(id="type"), args=[ast.Name(id=asked)]) | ast.Attribute(
            value=ast.Name(id=asked), attr="__class__"
        ):
            return asked == name
        case _:
            return False


def _is_bound_in(scope: Scope, name: str, branch: list[ast.AST]) -> bool:
    """Whether the name gets another value under the test."""
    owner = scope.lookup(name)
    bound = {binding.statement or binding.node for binding in owner.bindings.get(name, ())} if owner is not None else set()
    return any(inner in bound for node in branch for inner in ast.walk(node))
