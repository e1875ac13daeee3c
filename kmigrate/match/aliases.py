"""Which names can stand for a module, class or function of Keras, as their bindings tell? Asked first, for few names do."""

from __future__ import annotations

import ast

from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import Binding, ModuleScope, Scope
from kmigrate.resolve.values import KerasModule, KerasName, NewName, Partial, UserFunction, UserObject

NAMED = KerasModule | KerasName | NewName
"""What a name of Keras stands for."""


class Aliases:
    """Looks at the bindings of one module; answers are remembered."""

    def __init__(self, module: ModuleScope, evaluator: Evaluator) -> None:
        self._module = module
        self._evaluator = evaluator
        self._interesting: dict[tuple[Scope, str], bool] = {}

    def may_be_keras(self, name: str, owner: Scope) -> bool:
        """Whether some binding of the name in the scope that owns it gives it a module or name of Keras."""
        key = (owner, name)
        known = self._interesting.get(key)
        if known is None:
            bindings = owner.bindings.get(name)
            known = bindings is None or any(_aliases(binding) and self._gives_keras(binding) for binding in bindings)
            known = known or (bool(owner.stars) and any(_is_module_level(binding) for binding in bindings or ()))
            self._interesting[key] = known
        return known

    def _gives_keras(self, binding: Binding) -> bool:
        if binding.kind == "star":
            return True
        if binding.kind in ("import", "from") and self._silent(binding):
            return False
        if isinstance(binding.value, ast.Call) and not self._may_return_name(binding.value, binding.scope):
            return False
        return any(isinstance(value, NAMED) for value in self._evaluator.binding(binding))

    def _silent(self, binding: Binding) -> bool:
        assert isinstance(binding.node, ast.alias) and binding.statement is not None
        return self._evaluator.world.silent(binding.statement, binding.node, self._module)

    def _may_return_name(self, call: ast.Call, scope: Scope) -> bool:
        """Whether a call can give a class or a module: those of Keras, and calls of calls, give objects."""
        if isinstance(call.func, ast.Call):
            return False
        if isinstance(call.func, ast.Attribute) and call.func.attr == "get":  # of a dict
            return True
        if isinstance(call.func, ast.Name):
            owner = scope.lookup(call.func.id)
            if owner is None:
                return call.func.id == "getattr"
            bindings = owner.bindings.get(call.func.id, ())
            if bindings and all(binding.kind in ("import", "from") and self._silent(binding) for binding in bindings):
                return False
        return any(isinstance(value, UserFunction | UserObject | Partial) for value in self._evaluator.values(call.func, scope))


_ALIASES = ast.Name | ast.Attribute | ast.IfExp | ast.BoolOp | ast.Call
"""Expressions whose value can be a thing that has a name: a class, a function, a module."""

_SHELVES = ast.Dict | ast.List | ast.Tuple | ast.Name | ast.Attribute
"""What such a thing can be taken from by its key or number: `{'lstm': LSTM, 'gru': GRU}[kind]`."""


def _aliases(binding: Binding) -> bool:
    """Whether a binding can give a name to a thing that has one already: no object is made, no list of things."""
    kind, value = binding.kind, binding.value
    if kind in ("import", "from", "star"):
        return True
    if kind == "assign":
        return isinstance(value, _ALIASES) or (isinstance(value, ast.Subscript) and isinstance(value.value, _SHELVES))
    if kind == "parameter":
        return isinstance(value, ast.Name | ast.Attribute)
    return kind in ("unpack", "loop") and isinstance(value, _ALIASES | ast.Tuple | ast.List)


def _is_module_level(binding: Binding) -> bool:
    return binding.scope.kind == "module"
