"""What does a binding give its name: an import, a definition, an assignment, a loop?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from kmigrate.resolve.lists import grown
from kmigrate.resolve.operators import arithmetic, items, picked
from kmigrate.resolve.parameters import Parameters
from kmigrate.resolve.scopes import Binding, Scope
from kmigrate.resolve.values import OTHER, UNKNOWN, UserClass, UserFunction, UserModule, Values

if TYPE_CHECKING:
    from kmigrate.resolve.evaluate import Evaluator


class Bindings:
    """Answers for bindings; the evaluator remembers them."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._parameters = Parameters(evaluator)

    def value(self, binding: Binding) -> Values:
        """Everything that a binding gives its name."""
        node = binding.node
        match binding.kind:
            case "import" | "from":
                return self._imported(binding)
            case "function":
                assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
                if node.decorator_list and not _plain_decorators(node):
                    return UNKNOWN
                return frozenset({UserFunction(node, binding.scope.module.scope_of[node])})
            case "class":
                assert isinstance(node, ast.ClassDef)
                return frozenset({UserClass(node, binding.scope.module)})
            case "assign" | "unpack":
                found = picked(self._value(binding), binding.path)
                return self._evaluator.stores.grown(binding, grown(self._evaluator, binding, found))
            case "loop":
                return picked(items(self._value(binding)), binding.path)
            case "augmented":
                assert isinstance(node, ast.Name) and binding.value is not None
                return arithmetic(self._evaluator.name(node, binding.scope), self._value(binding))
            case "parameter":
                assert isinstance(node, ast.arg)
                return self._parameters.values(node, binding)
            case "except" | "delete" | "annotation":
                return OTHER
            case _:
                return UNKNOWN

    def _value(self, binding: Binding) -> Values:
        if binding.value is None:
            return UNKNOWN
        scope = binding.scope
        if scope.kind == "comprehension" and scope.parent is not None:
            first = scope.node.generators[0].iter
            if binding.value is first:
                scope = scope.parent
        if scope.module.walruses:
            scope = self._scope_at(binding, scope)
        return self._evaluator.values(binding.value, scope)

    def _scope_at(self, binding: Binding, scope: Scope) -> Scope:
        """A walrus inside a comprehension binds outside but its value is evaluated inside."""
        node = binding.scope.module.parents.get(binding.node)
        while node is not None and node is not scope.node:
            inner = scope.module.scope_of.get(node)
            if inner is not None and inner.node is node:
                return inner
            node = scope.module.parents.get(node)
        return scope

    def _imported(self, binding: Binding) -> Values:
        assert isinstance(binding.node, ast.alias) and binding.statement is not None
        module = binding.scope.module
        found = self._evaluator.world.imported(binding.node, binding.statement, module)
        if found or not isinstance(binding.statement, ast.ImportFrom):
            return found
        statement = binding.statement
        owner = next(iter(self._evaluator.world.module_value(statement.module or "", module, statement.level)))
        assert isinstance(owner, UserModule)
        scopes = self._evaluator.world.scopes(owner)
        return self._evaluator.module_name(scopes, binding.node.name) if scopes is not None else UNKNOWN


def _plain_decorators(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return all(
        (isinstance(decorator, ast.Name) and decorator.id in ("staticmethod", "classmethod", "property"))
        or _is_wraps(decorator)
        for decorator in node.decorator_list
    )


def _is_wraps(decorator: ast.expr) -> bool:
    """Whether a decorator is `functools.wraps(f)`, which gives the function itself back."""
    func = decorator.func if isinstance(decorator, ast.Call) else None
    return isinstance(func, ast.Attribute | ast.Name) and (getattr(func, "attr", None) or getattr(func, "id", "")) == "wraps"
