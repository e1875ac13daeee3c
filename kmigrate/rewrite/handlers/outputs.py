"""What does the last layer of a model compute: its activation and its units, where they are written out?"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from kmigrate.match.arguments import Misfit, bind
from kmigrate.match.conditions import Conditions
from kmigrate.match.literals import MISSING
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import ModuleScope, Scope
from kmigrate.resolve.values import KerasName, only

_WRAPPER = "keras.layers.TimeDistributed"
_SHAPELESS = frozenset({"keras.layers.Activation", "keras.layers.Dropout"})
_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Output:
    """`activation` and `units` of the output; None where they are not written out."""

    activation: str | None = None
    units: int | None = None


@dataclass(frozen=True, slots=True)
class Outputs:
    """Finds the last layer of models of one module."""

    scopes: ModuleScope
    evaluator: Evaluator

    def of(self, model: ast.expr, scope: Scope, until: ast.AST) -> Output | None:
        """The output of the model that `model` names when `until` is reached; None where it can't be seen."""
        made, owner = self.evaluator.written(model, scope)
        if not isinstance(model, ast.Name) or not isinstance(made, ast.Call):
            return None
        match self._name(made.func, owner):
            case "keras.models.Sequential":
                return self._added(model.id, made, owner, until)
            case "keras.models.Model":
                given = {keyword.arg: keyword.value for keyword in made.keywords}
                output = given.get("output") or given.get("outputs") or (made.args[1] if len(made.args) > 1 else None)
                return self._tensor(output, owner) if output is not None else None
            case _:
                return None

    def _added(self, name: str, made: ast.Call, owner: Scope, until: ast.AST) -> Output | None:
        """What the layers of a Sequential end in."""
        layers = [(item, owner) for item in made.args[0].elts] if made.args and isinstance(made.args[0], ast.List) else []
        for call, scope in self.evaluator.callers(self.scopes, "add"):
            func = call.func
            if (
                isinstance(func, ast.Attribute)
                and isinstance(func.value, ast.Name)
                and func.value.id == name
                and scope.lookup(name) is owner
                and call.args
                and (call.lineno, call.col_offset) < (until.lineno, until.col_offset)  # type: ignore[attr-defined]
            ):
                layers.append((call.args[0], scope))
        found: Output | None = None
        for layer, scope in layers:
            found = self._layer(layer, scope, found)
        return found

    def _tensor(self, node: ast.expr, scope: Scope, depth: int = 0) -> Output | None:
        """What made a tensor: `Dense(3, activation='softmax')(x)`."""
        if depth > _DEPTH:
            return None
        if isinstance(node, ast.Name):
            made = self.evaluator.assigned_once(node, scope)
            return self._tensor(*made, depth + 1) if made is not None else None
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Call):
            return None
        before = self._tensor(node.args[0], scope, depth + 1) if node.args else None
        return self._layer(node.func, scope, before)

    def _layer(self, node: ast.expr, scope: Scope, before: Output | None) -> Output | None:
        """The output of a layer that is written out, behind another one."""
        if not isinstance(node, ast.Call):
            return None
        path = self._name(node.func, scope)
        if path == _WRAPPER and node.args:
            return self._layer(node.args[0], scope, before)
        facts = self.evaluator.world.keras.get(path) if path is not None else None
        if path is None or facts is None or facts.signature is None:
            return None
        bound = bind(facts.signature, node, partial=True)
        if isinstance(bound, Misfit) or bound.opaque is not None:
            return None
        conditions = Conditions(self.evaluator, scope)
        given = {argument.parameter: conditions.literal(argument.value) for argument in bound.arguments}
        activation = given.get("activation", "linear")
        units = given.get("output_dim", MISSING)
        if path in _SHAPELESS:
            units = before.units if before is not None else MISSING
            if path == "keras.layers.Dropout":
                activation = before.activation if before is not None else None
        return Output(activation if isinstance(activation, str) else None, units if isinstance(units, int) else None)

    def _name(self, func: ast.expr, scope: Scope) -> str | None:
        value = only(self.evaluator.values(func, scope))
        return value.path if isinstance(value, KerasName) else None
