"""What kind of code a use stands in: graph building, a layer's method, the function of a Lambda, a loss, …"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kmigrate.keras.objects import Signature
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import ModuleScope, Scope
from kmigrate.resolve.values import (
    KerasMember,
    KerasName,
    Partial,
    Sequence,
    Table,
    Unknown,
    UserClass,
    UserFunction,
    Value,
    Values,
)
from kmigrate.ruleset.schema import Role

_CLASSES: tuple[tuple[str, Role], ...] = (
    ("keras.models.Model", "graph"),
    ("keras.layers.Layer", "layer_method"),
    ("keras.callbacks.Callback", "callback_method"),
    ("keras.regularizers.Regularizer", "regularizer_or_constraint"),
    ("keras.constraints.Constraint", "regularizer_or_constraint"),
    ("keras.optimizers.Optimizer", "optimizer_method"),
)
_METHODS: dict[str, Role] = {"build": "layer_build", "call": "layer_call"}
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


_FUNCTIONS = ast.Lambda | ast.Name | ast.Attribute | ast.List | ast.Tuple | ast.Dict | ast.Call


@dataclass(frozen=True, slots=True)
class Mark:
    """The role of a function, and the call that gives it away."""

    role: Role
    call: ast.Call
    module: ModuleScope


@dataclass(slots=True)
class Roles:
    """The role of each function of one module, found from where the functions go."""

    module: ModuleScope
    evaluator: Evaluator
    _functions: dict[ast.AST, Mark] | None = field(default=None)

    def role(self, scope: Scope) -> Role:
        """The role of code that stands in `scope`; the innermost function with a role decides. A function that build makes runs
        later."""
        later = False
        for inner in scope.chain():
            if inner.kind not in ("function", "lambda"):
                continue
            mark = self.marks().get(inner.node)
            if mark is not None:
                return mark.role
            role = self.method_role(inner)
            if role is not None:
                return "layer_method" if later and role == "layer_build" else role
            later = True
        return "graph"

    def builds_graph(self, scope: Scope) -> bool:
        """Whether the role of code in `scope` is to build the graph; who a function is given to is asked last, for it is dear."""
        plain: list[ast.AST] = []
        for inner in scope.chain():
            if inner.kind in ("function", "lambda"):
                role = self.method_role(inner)
                if role is not None and role != "graph":
                    return False
                plain.append(inner.node)
                if role is not None:
                    break
        return not plain or self.marks().keys().isdisjoint(plain)

    def method_role(self, scope: Scope) -> Role | None:
        """The role of a function because it is a method of a class of Keras; None for any other."""
        parent = scope.parent
        if parent is None or parent.kind != "class":
            return None
        owner = UserClass(parent.node, parent.module)
        name = scope.node.name
        for ancestor, role in _CLASSES:
            if self.evaluator.classes.inherits(owner, ancestor):
                return _METHODS.get(name, role) if role == "layer_method" else role
        if name in ("call", "get_output_shape_for", "compute_output_shape"):
            return _METHODS.get(name, "layer_method")
        return None

    def marks(self) -> dict[ast.AST, Mark]:
        """The functions, of this module or others, that this module gives to Keras."""
        if self._functions is None:
            self._functions = {}
            for call, scope in self.module.calls:
                if _may_pass(call):
                    self._passed(call, scope)
        return self._functions

    def _passed(self, call: ast.Call, scope: Scope) -> None:
        for function in self.evaluator.values(call.func, scope):
            signature = self._signature(function, call)
            if signature is None:
                continue
            given = [
                (parameter.name, value) for parameter, value in zip(signature.positional, call.args, strict=False)
            ] + [(keyword.arg, keyword.value) for keyword in call.keywords if keyword.arg is not None]
            for name, value in given:
                role = _role_of(name)
                if role is not None:
                    mark = Mark(role, call, self.module)
                    self._mark(self.evaluator.values(value, scope), mark)
                    for item in self._put_into(value):
                        self._mark(item, mark)

    def _signature(self, function: Value, call: ast.Call) -> Signature | None:
        """The parameters of what is called; `x.compile(loss=...)` is a model's, whatever `x` is."""
        keras = self.evaluator.world.keras
        match function:
            case KerasName(path):
                found = keras.get(path)
                return found.signature if found is not None else None
            case KerasMember(cls, name):
                member = keras.member(cls, name)
                return member.signature if member is not None else None
            case Unknown() if isinstance(call.func, ast.Attribute) and call.func.attr == "compile":
                model = keras.member("keras.models.Model", "compile")
                named = {keyword.arg for keyword in call.keywords}
                return model.signature if model is not None and named & {"loss", "metrics"} else None
            case _:
                return None

    def _put_into(self, table: ast.expr) -> Iterator[Values]:
        """What is stored under the keys of a dict (`metrics[name] = ...`) that has a name or is an attribute."""
        places: Iterable[tuple[ast.expr, Scope]] = ()
        match table:
            case ast.Name(id=name):
                places = self.module.loads.get(name, ())
            case ast.Attribute(attr=name):
                places = self.module.attributes.get(name, ())
        text = ast.dump(table) if places else ""
        for node, scope in places:
            slot = self.module.parents.get(node)
            statement = self.module.parents.get(slot) if isinstance(slot, ast.Subscript) and slot.value is node else None
            if isinstance(statement, ast.Assign) and ast.dump(node) == text:
                yield self.evaluator.values(statement.value, scope)

    def _mark(self, values: Values, mark: Mark) -> None:
        """Mark a function, those in a list or dict, and the one inside a `partial`."""
        assert self._functions is not None
        for found in values:
            match found:
                case UserFunction(node=node):
                    self._functions[node] = mark
                case Partial(function=inner):
                    self._mark(frozenset({inner}), mark)
                case Sequence(items=items):
                    for item in items:
                        self._mark(item, mark)
                case Table(items=pairs):
                    for _, item in pairs:
                        self._mark(item, mark)


def _may_pass(call: ast.Call) -> bool:
    """Whether an argument can be a function, or hold one, and be one that Keras calls."""
    for node in call.args:
        if isinstance(node, _FUNCTIONS):
            return True
    for keyword in call.keywords:
        if isinstance(keyword.value, _FUNCTIONS) and keyword.arg is not None and _role_of(keyword.arg) is not None:
            return True
    return False


def _role_of(parameter: str) -> Role | None:
    if parameter.endswith(("_regularizer", "_constraint")):
        return "regularizer_or_constraint"
    if parameter.endswith("_init"):
        return "initializer"
    return _PARAMETERS.get(parameter)
