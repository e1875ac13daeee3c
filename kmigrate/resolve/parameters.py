"""What can a parameter be, as its default and the visible callers tell?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from kmigrate.resolve.scopes import Binding, Scope
from kmigrate.resolve.values import (
    NOTHING,
    UNKNOWN,
    Sequence,
    Table,
    UserClass,
    UserFunction,
    UserObject,
    Value,
    Values,
)

if TYPE_CHECKING:
    from kmigrate.resolve.evaluate import Evaluator


class Parameters:
    """Answers for the parameters of functions and methods."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator

    def values(self, node: ast.arg, binding: Binding) -> Values:
        """Everything that the parameter `node` can be: what visible callers pass, its default, and what nobody knows."""
        function = binding.scope.node
        owner = self._evaluator.classes.method_owner(function, binding.scope)
        arguments = function.args
        positional = [*arguments.posonlyargs, *arguments.args]
        if owner is not None and positional and positional[0] is node:
            decorators = _decorators(function)
            if "staticmethod" not in decorators:
                return frozenset({owner if "classmethod" in decorators else UserObject(owner)})
        if node is arguments.vararg:
            return frozenset({Sequence((UNKNOWN,), homogeneous=True)})
        if node is arguments.kwarg:
            return frozenset({Table(((None, UNKNOWN),))})
        found = self._evaluator.values(binding.value, binding.scope.parent or binding.scope) if binding.value else NOTHING
        complete = False
        if not isinstance(function, ast.Lambda):
            index = positional.index(node) if node in positional else None
            passed, complete = self._passed(function, node.arg, index, owner, binding.scope)
            found |= passed
        return found if complete and found else found | UNKNOWN

    def _passed(
        self, function: ast.AST, name: str, index: int | None, owner: UserClass | None, scope: Scope
    ) -> tuple[Values, bool]:
        assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        spelled = owner.node.name if owner is not None and function.name == "__init__" else function.name
        found = NOTHING
        calls = self._evaluator.callers(scope.module, spelled)
        complete = bool(calls) and self._private(function, scope, len(calls))
        for call, caller in calls:
            callees = self._evaluator.values(call.func, caller)
            if not any(_is_function(callee, function, owner) for callee in callees):
                complete = False
                continue
            if any(isinstance(argument, ast.Starred) for argument in call.args) or any(
                keyword.arg is None for keyword in call.keywords
            ):
                return found | UNKNOWN, False
            for keyword in call.keywords:
                if keyword.arg == name:
                    found |= self._evaluator.values(keyword.value, caller)
                    break
            else:
                place = index - self._filled(function, call, caller, owner) if index is not None else None
                if place is not None and place < len(call.args):
                    found |= self._evaluator.values(call.args[place], caller)
        return found, complete

    def _filled(
        self, function: ast.FunctionDef | ast.AsyncFunctionDef, call: ast.Call, caller: Scope, owner: UserClass | None
    ) -> int:
        """How many of the first parameters Python itself fills: the object of a method, or the class of a class method."""
        decorators = _decorators(function)
        if owner is None or "staticmethod" in decorators:
            return 0
        if "classmethod" in decorators or function.name == "__init__" or not isinstance(call.func, ast.Attribute):
            return 1
        objects = self._evaluator.values(call.func.value, caller)
        return 0 if objects and all(isinstance(value, UserClass) for value in objects) else 1

    def _private(self, function: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope, calls: int) -> bool:
        """Whether every reference to the function is one of its visible calls: a function inside a function."""
        outer = scope.parent
        if outer is None or outer.kind != "function":
            return False
        return len(scope.module.loads.get(function.name, ())) == calls


def _decorators(function: ast.AST) -> set[str]:
    return {decorator.id for decorator in getattr(function, "decorator_list", ()) if isinstance(decorator, ast.Name)}


def _is_function(value: Value, node: ast.AST, owner: UserClass | None) -> bool:
    if isinstance(value, UserFunction):
        return value.node is node
    return owner is not None and isinstance(value, UserClass) and value == owner
