"""Does a function of the user's only compute, so that a `Lambda` can call it, or does it make layers and variables?"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import ModuleScope, Scope
from kmigrate.resolve.values import Instance, KerasName, UserClass, UserFunction, UserObject, Value

_STATEFUL = frozenset(
    f"keras.backend.{name}"
    for name in "variable placeholder zeros ones eye ones_like_variable random_uniform_variable random_normal_variable".split()
)


@dataclass(slots=True)
class Purity:
    """Remembers the answer for each function."""

    evaluator: Evaluator
    _known: dict[ast.AST, bool] = field(default_factory=dict)
    _inner: dict[ModuleScope, dict[ast.AST, list[tuple[ast.Call, Scope]]]] = field(default_factory=dict)

    def pure(self, function: UserFunction) -> bool:
        """Whether nothing in the function applies or makes a layer, a variable or a model."""
        node = function.node
        if node not in self._known:
            self._known[node] = True  # a function that calls itself is as pure as the rest of it
            self._known[node] = all(
                self._plain(value, call, scope)
                for call, scope in self._calls(function.scope.module).get(node, ())
                for value in self.evaluator.values(call.func, scope)
            )
        return self._known[node]

    def _plain(self, value: Value, call: ast.Call, scope: Scope) -> bool:
        match value:
            case KerasName(path):
                return path.startswith("keras.backend.") and path not in _STATEFUL
            case Instance() | UserClass() | UserObject():
                return False
            case UserFunction():
                return self.pure(value)
            case _:
                return True

    def _calls(self, module: ModuleScope) -> dict[ast.AST, list[tuple[ast.Call, Scope]]]:
        """The calls of a module by the functions that they stand in."""
        if module not in self._inner:
            found: dict[ast.AST, list[tuple[ast.Call, Scope]]] = {}
            for call, scope in module.calls:
                for outer in scope.chain():
                    if outer.kind in ("function", "lambda"):
                        found.setdefault(outer.node, []).append((call, scope))
            self._inner[module] = found
        return self._inner[module]
