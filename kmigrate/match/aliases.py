"""Which names can stand for a module, class or function of Keras, as their bindings tell? Asked first, for few names do."""

from __future__ import annotations

import ast

from kmigrate.resolve.builtin_calls import SEQUENCES
from kmigrate.resolve.dicts import ASKING
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import Binding, ModuleScope, Scope
from kmigrate.resolve.values import (
    OTHER,
    UNKNOWN,
    KerasModule,
    KerasName,
    NewName,
    Partial,
    UserFunction,
    UserModule,
    UserObject,
)

NAMED = KerasModule | KerasName | NewName
"""What a name of Keras stands for."""
_NAMING = NAMED | UserModule
"""The same, and what may have such names."""


class Aliases:
    """Looks at the bindings of one module; answers are remembered."""

    def __init__(self, module: ModuleScope, evaluator: Evaluator) -> None:
        self._module = module
        self._evaluator = evaluator
        self._interesting: dict[tuple[Scope, str], bool] = {}
        self._without: dict[ast.AST, bool] = {}

    def may_be_keras(self, name: str, owner: Scope) -> bool:
        """Whether some binding of the name in the scope that owns it gives it a module or name of Keras."""
        key = (owner, name)
        known = self._interesting.get(key)
        if known is None:
            bindings = owner.bindings.get(name)
            known = self._interesting[key] = bindings is None or self._one_gives_keras(owner, bindings)
        return known

    def _one_gives_keras(self, owner: Scope, bindings: list[Binding]) -> bool:
        for binding in bindings:
            asked = _aliases(binding) or (binding.kind == "parameter" and self._is_handed_over(binding))
            if asked and self._gives_keras(binding):
                return True
        return bool(owner.stars) and any(_is_module_level(binding) for binding in bindings)

    def _is_handed_over(self, binding: Binding) -> bool:
        """Whether a parameter is one that the function calls, so that its callers may hand over a class."""
        calls = self._evaluator.callers(self._module, binding.name) if binding.value is None else ()
        return any(isinstance(call.func, ast.Name) for call, _ in calls)

    def _gives_keras(self, binding: Binding) -> bool:
        if binding.kind == "star":
            return True
        if binding.kind in ("import", "from") and self._silent(binding):
            return False
        if isinstance(binding.value, ast.Call) and not self._may_return_name(binding.value, binding):
            return False
        values = self._evaluator.binding(binding)
        return values is not OTHER and values is not UNKNOWN and any(isinstance(value, _NAMING) for value in values)

    def _silent(self, binding: Binding) -> bool:
        """Whether an import certainly brings no name of Keras."""
        statement = binding.statement
        assert isinstance(binding.node, ast.alias) and statement is not None
        if isinstance(statement, ast.ImportFrom) and self._without.get(statement) is False:
            return False
        known = self._without.get(binding.node)
        if known is None:
            known = self._evaluator.world.silent(statement, binding.node, self._module)
            self._without[binding.node] = self._without[statement] = known
        return known

    def _may_return_name(self, call: ast.Call, binding: Binding) -> bool:
        """Whether a call can give the binding a class or a module: those of Keras, and calls of calls, give objects."""
        if isinstance(call.func, ast.Call):
            return False
        scope = binding.scope
        giving = _GIVES_NAMES if binding.kind == "assign" else _GIVES_SOME
        if isinstance(call.func, ast.Attribute) and call.func.attr in giving:
            return True
        if isinstance(call.func, ast.Name):
            owner = scope.lookup(call.func.id)
            if owner is None:
                return call.func.id in giving
            bindings = owner.bindings.get(call.func.id, ())
            if call.func.id in giving:
                return True
            if bindings and all(binding.kind in ("import", "from") and self._silent(binding) for binding in bindings):
                return False
        values = self._evaluator.values(call.func, scope)
        return values is not OTHER and any(isinstance(value, UserFunction | UserObject | Partial) for value in values)


_GIVES_NAMES = frozenset(
    {"get", "pop", "setdefault", "getattr", "type", "__import__", "import_module", "next", "choice"}
)  # fmt: skip
"""Functions and methods that can give a class or a module: builtins, those of a dict, `import_module`, `random.choice`."""

_GIVES_SOME = _GIVES_NAMES | ASKING | SEQUENCES | {"zip", "enumerate"}
"""The same, and those that can give a list of such."""

_IMPORTS = frozenset({"import", "from", "star"})

_ALIASES = frozenset({ast.Name, ast.Attribute, ast.IfExp, ast.BoolOp, ast.Call})
"""Expressions whose value can be a thing that has a name: a class, a function, a module."""

_SHELVES = frozenset({ast.Dict, ast.List, ast.Tuple, ast.Name, ast.Attribute})
"""What such a thing can be taken from by its key or number: `{'lstm': LSTM, 'gru': GRU}[kind]`; so it can from `vars(layers)`."""


def _aliases(binding: Binding) -> bool:
    """Whether a binding can give a name to a thing that has one already: no object is made, no list of things."""
    kind, value = binding.kind, binding.value
    if kind in _IMPORTS:
        return True
    if kind == "assign":
        if isinstance(value, ast.Call):
            return not isinstance(value.func, ast.Call)  # a layer that is applied
        return value.__class__ in _ALIASES or (isinstance(value, ast.Subscript) and _is_shelf(value.value))
    if kind == "parameter":
        return isinstance(value, ast.Name | ast.Attribute)
    return kind in ("unpack", "loop") and (value.__class__ in _ALIASES or isinstance(value, ast.Tuple | ast.List))


def _is_shelf(node: ast.expr) -> bool:
    return node.__class__ in _SHELVES or (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "vars")


def _is_module_level(binding: Binding) -> bool:
    return binding.scope.kind == "module"
