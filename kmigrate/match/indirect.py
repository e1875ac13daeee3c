"""Calls that reach Keras on another way than by its name: through partial objects, the user's classes, what a name holds."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterable, Iterator, Sequence

from kmigrate.match.constructions import MAKERS, MAKERS_BY_PATH, by_partial, constructed
from kmigrate.match.found import Found, Kind
from kmigrate.resolve.classes import NO_CALL
from kmigrate.resolve.dynamic_imports import begun, text_imported
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.library import imports
from kmigrate.resolve.partials import is_partial
from kmigrate.resolve.scopes import Binding, ModuleScope, Scope
from kmigrate.resolve.values import (
    OTHER,
    UNKNOWN,
    KerasMember,
    KerasName,
    NewName,
    Partial,
    UserClass,
    UserObject,
    Value,
    Values,
)


def partials(module: ModuleScope, evaluator: Evaluator, calls: Iterable[tuple[ast.Call, Scope]]) -> Iterator[Found]:
    """The calls of `functools.partial` with a class or function of Keras."""
    if not imports(module, "functools"):
        return
    for call, scope in calls:
        func = call.func
        if call.args and is_partial(evaluator, func, scope):
            values = evaluator.values(call, scope)
            made = [_made_partial(evaluator, value, call, scope) if isinstance(value, Partial) else None for value in values]
            found = _one(made)
            if found is not None:
                yield found


def _made_partial(evaluator: Evaluator, value: Partial, call: ast.Call, scope: Scope) -> Found | None:
    """The use of Keras that a partial object is of; of a partial object again, it gives more of the arguments."""
    if isinstance(value.function, Partial):
        inner = _applied(evaluator, value.function, call, scope)
        return inner._replace(leading=1) if inner is not None else None
    match value.function:
        case KerasName(path=path):
            return Found("partial", path, call.func, scope, call, leading=1)
        case KerasMember(bound=True) | UserClass() as function:
            found = reached(evaluator, function, NO_CALL, scope)
            if found is not None and not found.leading:
                cls = found.cls if isinstance(function, KerasMember) else ""
                return Found("partial", found.name, call.func, scope, call, cls=cls, leading=1)
    return None


def _applied(evaluator: Evaluator, value: Partial, call: ast.Call, scope: Scope) -> Found | None:
    """The use of Keras that the call of a partial object is."""
    made = _made_partial(evaluator, value, value.call, scope)
    return made._replace(kind="applied", node=call.func, call=call, leading=0) if made is not None else None


def imported_by_text(module: ModuleScope, evaluator: Evaluator, calls: Iterable[tuple[ast.Call, Scope]]) -> Iterator[Found]:
    """The strings by which a module of Keras is imported: `importlib.import_module('keras.layers.core')`."""
    if "__import__" not in module.loads and not imports(module, "importlib"):
        return
    for call, scope in calls:
        name = text_imported(evaluator, call, scope)
        if name is not None:
            yield Found("string", str(name.value), name, scope, call, module=True)
        elif (name := begun(evaluator, call, scope)) is not None:
            yield Found("string", str(name.value), name, scope, call, module=True, certain=False)


def reached(evaluator: Evaluator, value: Value, call: ast.Call, scope: Scope) -> Found | None:
    """The use of Keras that a call is whose callee is this value: of a method of an object, or one that makes an object."""
    if isinstance(value, KerasMember):
        member = evaluator.world.keras.member(value.cls, value.name)
        name = f"{member.owner}.{value.name}" if member is not None and value.bound else None
        return Found("method", name, call.func, scope, call, cls=value.cls) if name is not None else None
    if isinstance(value, Partial):
        return _applied(evaluator, value, call, scope)
    made = constructed(evaluator, value, call.func, call)
    if made is None:
        return None
    kind: Kind = "applied" if by_partial(evaluator, value) else "construct"
    return Found(kind, made[0], call.func, scope, call, leading=made[1])


def _one(called: Sequence[Found | None]) -> Found | None:
    """The use that a call is whose callee can be several things, each of which makes it this use, or none."""
    found = sorted({use for use in called if use is not None}, key=lambda use: (use.kind, use.name, use.cls, use.leading))
    if not found:
        return None
    first, *rest = [use._replace(certain=None not in called) for use in found]
    return first._replace(others=tuple(rest)) if rest else first


class Indirect:
    """Finds the other ones in one module.

    `members`: the names that are looked at where they stand behind a dot; `taken`: the attributes that belong to another use.
    """

    def __init__(
        self, module: ModuleScope, evaluator: Evaluator, members: Container[str], taken: Container[ast.AST]
    ) -> None:  # fmt: skip
        self._evaluator = evaluator
        self._members = members
        self._taken = taken
        self._holds = _HOLDS | {"parameter"} if imports(module, "functools") else _HOLDS
        self._held = {node.attr for node, _ in module.attribute_stores} | {
            name
            for _, _, scope in module.classes
            for name, bindings in scope.bindings.items()
            if bindings[0].kind == "assign"
        }

    def uses(self, calls: Iterable[tuple[ast.Call, Scope]]) -> Iterator[Found]:
        """Calls of partial objects, of the user's subclasses that inherit `__init__`, of `layers["dense"]`, of `fit = m.fit`."""
        worth: dict[tuple[Scope | None, str], bool] = {}
        for call, scope in calls:
            func = call.func
            if isinstance(func, ast.Name):
                key = (scope.lookup(func.id), func.id)
                asked = worth.get(key)
                if asked is None:
                    asked = worth[key] = self._may_make(*key)
            else:
                asked = self._may_construct(func, scope)
            if not asked or func in self._taken:
                continue
            values = self._evaluator.values(func, scope)
            makers = _BY_NAME if isinstance(func, ast.Name) else _BY_PATH
            if values is OTHER or values is UNKNOWN or not any(isinstance(value, makers) for value in values):
                continue
            yield from self._used(call, scope, values)

    def _used(self, call: ast.Call, scope: Scope, values: Values) -> Iterator[Found]:
        if any(isinstance(value, NewName) for value in values):
            return
        found = _one([reached(self._evaluator, value, call, scope) for value in values])
        if found is not None:
            yield found

    def _may_make(self, owner: Scope | None, name: str) -> bool:
        """Whether a name can stand for what makes objects of a Keras class, as its bindings in the scope that owns it tell."""
        bindings = owner.bindings.get(name, ()) if owner is not None else ()
        if owner is None or not any(binding.kind in self._holds or _hands_on(binding) for binding in bindings):
            return False
        values = self._evaluator.owned(owner, name)
        return values is None or any(isinstance(value, _BY_NAME) for value in values)

    def _may_construct(self, func: ast.expr, scope: Scope) -> bool:
        if not isinstance(func, ast.Attribute):
            return isinstance(func, ast.Subscript | ast.Call | ast.IfExp)
        if func.attr not in self._members or func.attr == "__class__":
            return True
        if func.attr not in self._held:  # then it is a method
            return False
        owners = self._evaluator.values(func.value, scope)
        return any(isinstance(owner, UserObject | UserClass) for owner in owners)


_BY_NAME = (*MAKERS, KerasMember, Partial)
_BY_PATH = (*MAKERS_BY_PATH, KerasMember, Partial)

_HOLDS = frozenset({"assign", "from", "class", "loop", "unpack"})
"""The kinds of bindings that can give a name to a class, to what makes objects of one, or to a method.

Where a module makes partial objects, its functions can be given one."""


def _hands_on(binding: Binding) -> bool:
    """Whether a function takes whatever it is given."""
    return isinstance(binding.node, ast.FunctionDef) and binding.node.args.vararg is not None
