"""Is an expression certainly no operation, as the text alone shows? Asked first, because nearly all are."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import Binding, ModuleScope, Scope


def returns(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.Return]:
    """The return statements of a function, those of functions inside it left out."""
    pending: list[ast.stmt] = list(function.body)
    while pending:
        statement = pending.pop()
        if isinstance(statement, ast.Return):
            yield statement
        if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            pending.extend(inner for inner in ast.iter_child_nodes(statement) if isinstance(inner, ast.stmt))


@dataclass(slots=True)
class Plain:
    """Looks at bindings by name only, whatever the order of statements; answers are remembered."""

    module: ModuleScope
    evaluator: Evaluator
    _known: dict[ast.AST, bool] = field(default_factory=dict)

    def output(self, node: ast.expr, scope: Scope) -> bool:
        """Whether the expression can only be what a layer of Keras returns, a list of that, or a literal."""
        known = self._known.get(node)
        if known is None:
            self._known[node] = True  # what is made from itself is as plain as the rest of it
            known = self._known[node] = self._output(node, scope)
        return known

    def foreign(self, func: ast.expr, scope: Scope) -> bool:
        """Whether a callee is neither a layer nor a model nor a function of Keras: another library's, a builtin."""
        root = func
        while isinstance(root, ast.Attribute):
            root = root.value
        if not isinstance(root, ast.Name):
            return False
        bindings = self._bindings(root, scope)
        if not bindings:
            return not self.module.top.stars
        if isinstance(func, ast.Name):
            return all(binding.kind in ("function", "class") or self._imported(binding) is False for binding in bindings)
        return all(self._imported(binding) is False for binding in bindings)

    def _output(self, node: ast.expr, scope: Scope) -> bool:
        match node:
            case ast.Constant():
                return True
            case ast.Name():
                bindings = self._bindings(node, scope)
                return bool(bindings) and all(self._bound(binding) for binding in bindings)
            case ast.List(elts=items) | ast.Tuple(elts=items):
                return all(self.output(item, scope) for item in items)
            case ast.Call(func=ast.Call(func=func)) | ast.Call(func=func):
                return self._of_keras(func, scope) or (func is node.func and self._returns(func, scope))
            case _:
                return False

    def _bound(self, binding: Binding) -> bool:
        if binding.assigned is not None:
            return self.output(binding.assigned, binding.scope)
        if binding.kind != "parameter" or not isinstance(binding.value, ast.Constant | None):
            return False
        function = binding.scope.node
        if not isinstance(function, ast.FunctionDef) or binding.scope.parent is None or binding.scope.parent.kind == "class":
            return False
        positional = [argument.arg for argument in function.args.args]
        index = positional.index(binding.name) if binding.name in positional else len(positional)
        for call, scope in self.evaluator.callers(self.module, function.name):
            named = next((keyword.value for keyword in call.keywords if keyword.arg == binding.name), None)
            given = named if named is not None else call.args[index] if index < len(call.args) else None
            if not (binding.value is not None if given is None else self.output(given, scope)):
                return False
        return True

    def _returns(self, func: ast.expr, scope: Scope) -> bool:
        """Whether a callee is a function of this module that returns nothing else."""
        bindings = self._bindings(func, scope) if isinstance(func, ast.Name) else []
        return bool(bindings) and all(
            isinstance(binding.node, ast.FunctionDef)
            and not binding.node.decorator_list
            and all(
                self.output(statement.value, binding.scope.module.scope_of[binding.node])
                for statement in returns(binding.node)
                if statement.value is not None
            )
            for binding in bindings
        )

    def _of_keras(self, func: ast.expr, scope: Scope) -> bool:
        """Whether a callee is imported from Keras by name, the backend left out; of a call: a layer that is applied."""
        if not isinstance(func, ast.Name):
            return False
        bindings = self._bindings(func, scope)
        return bool(bindings) and all(self._imported(binding) is True for binding in bindings)

    def _imported(self, binding: Binding) -> bool | None:
        """True for a name from Keras's modules but the backend, False for one of another library, None for others."""
        statement = binding.statement
        if isinstance(statement, ast.ImportFrom) and binding.kind == "from" and not statement.level:
            path = statement.module or ""
            if path.partition(".")[0] == "keras":
                return True if path != "keras" and not path.startswith("keras.backend") else None
            return False if self._is_foreign(path) else None
        if binding.kind == "import" and isinstance(binding.node, ast.alias):
            return False if self._is_foreign(binding.node.name) else None
        return None

    def _is_foreign(self, path: str) -> bool:
        return self.evaluator.world.is_foreign(path.partition(".")[0])

    def _bindings(self, node: ast.Name, scope: Scope) -> list[Binding]:
        owner = scope.lookup(node.id)
        return owner.bindings.get(node.id, []) if owner is not None else []
