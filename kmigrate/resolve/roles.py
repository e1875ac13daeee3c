"""What kind of code a use stands in: graph building, a layer's method, the function of a Lambda, a loss, …"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import ModuleScope, Scope
from kmigrate.resolve.values import Instance, KerasMember, KerasName, UserClass, UserFunction
from kmigrate.ruleset.schema import Role

_CLASSES: tuple[tuple[str, Role], ...] = (
    ("keras.models.Model", "graph"),
    ("keras.layers.Layer", "layer_method"),
    ("keras.callbacks.Callback", "callback_method"),
    ("keras.regularizers.Regularizer", "regularizer_or_constraint"),
    ("keras.constraints.Constraint", "regularizer_or_constraint"),
    ("keras.optimizers.Optimizer", "optimizer_method"),
)
_PARAMETERS: dict[str, Role] = {
    "function": "lambda_layer",
    "mode": "lambda_layer",
    "output_shape": "lambda_layer",
    "output_mask": "lambda_layer",
    "activation": "lambda_layer",
    "inner_activation": "lambda_layer",
    "loss": "loss_or_metric",
    "metrics": "loss_or_metric",
    "init": "initializer",
    "inner_init": "initializer",
}


@dataclass(slots=True)
class Roles:
    """The role of each function of one module, found from where the functions go."""

    module: ModuleScope
    evaluator: Evaluator
    _functions: dict[ast.AST, Role] | None = field(default=None)

    def role(self, scope: Scope) -> Role:
        """The role of code that stands in `scope`; the innermost function with a role decides."""
        functions = self._collected()
        for inner in scope.chain():
            if inner.kind not in ("function", "lambda"):
                continue
            if inner.node in functions:
                return functions[inner.node]
            role = self._method_role(inner)
            if role is not None:
                return role
        return "graph"

    def _method_role(self, scope: Scope) -> Role | None:
        parent = scope.parent
        if parent is None or parent.kind != "class":
            return None
        owner = UserClass(parent.node, parent.module)
        for ancestor, role in _CLASSES:
            if self.evaluator.classes.inherits(owner, ancestor):
                return role
        if scope.node.name in ("call", "get_output_shape_for", "compute_output_shape"):
            return "layer_method"
        return None

    def _collected(self) -> dict[ast.AST, Role]:
        if self._functions is None:
            self._functions = {}
            for call, scope in self.module.calls:
                if not call.args and not call.keywords:
                    continue
                if any(self._candidate(node) for node in call.args) or any(
                    self._candidate(keyword.value) for keyword in call.keywords
                ):
                    self._passed(call, scope)
        return self._functions

    def _candidate(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Lambda | ast.Name | ast.Attribute | ast.List | ast.Dict)

    def _passed(self, call: ast.Call, scope: Scope) -> None:
        assert self._functions is not None
        for function in self.evaluator.values(call.func, scope):
            signature = None
            keras = self.evaluator.world.keras
            if isinstance(function, KerasName):
                found = keras.get(function.path)
                signature = found.signature if found is not None else None
            elif isinstance(function, KerasMember):
                member = keras.member(function.cls, function.name)
                signature = member.signature if member is not None else None
            elif isinstance(function, Instance):
                continue
            if signature is None:
                continue
            given = [
                (parameter.name, value) for parameter, value in zip(signature.positional, call.args, strict=False)
            ] + [(keyword.arg, keyword.value) for keyword in call.keywords if keyword.arg is not None]
            for name, value in given:
                role = _role_of(name)
                if role is not None:
                    self._mark(value, scope, role)

    def _mark(self, value: ast.expr, scope: Scope, role: Role) -> None:
        assert self._functions is not None
        if isinstance(value, ast.List | ast.Tuple):
            for item in value.elts:
                self._mark(item, scope, role)
            return
        if isinstance(value, ast.Dict):
            for item in value.values:
                self._mark(item, scope, role)
            return
        for found in self.evaluator.values(value, scope):
            if isinstance(found, UserFunction):
                self._functions[found.node] = role


def _role_of(parameter: str) -> Role | None:
    if parameter.endswith(("_regularizer", "_constraint")):
        return "regularizer_or_constraint"
    if parameter.endswith("_init"):
        return "initializer"
    return _PARAMETERS.get(parameter)
