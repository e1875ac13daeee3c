"""Uses of Keras by its names: `K.sum`, `Dense(3)`, `keras.layers.Dense`, `class Mine(Layer)`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from kmigrate.match.aliases import NAMED, Aliases
from kmigrate.match.found import Found
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import ModuleScope, Scope
from kmigrate.resolve.values import NOTHING, KerasModule, KerasName, NewName, UserModule, Value, Values, only


class Named:
    """Finds them in one module; `taken` gets the attributes that belong to what was found."""

    def __init__(self, module: ModuleScope, evaluator: Evaluator, taken: set[ast.AST]) -> None:
        self._module = module
        self._evaluator = evaluator
        self._taken = taken
        self._aliases = Aliases(module, evaluator)

    def uses(self, loads_by_name: Mapping[str, Sequence[tuple[ast.Name, Scope]]]) -> Iterator[Found]:
        """The uses that these loads of names begin."""
        for name, loads in loads_by_name.items():
            given: dict[Scope, Values | None] = {}
            for node, scope in loads:
                if scope not in given:
                    owner = scope.lookup(name)
                    asked = owner if owner is not None and self._aliases.may_be_keras(name, owner) else None
                    given[scope] = self._evaluator.owned(asked, name) if asked is not None else NOTHING
                values = given[scope]
                if values is None:
                    values = self._evaluator.name(node, scope)
                if not values:
                    continue
                if len(values) == 1:  # nearly always
                    yield from self._reference(node, next(iter(values)), scope)
                    continue
                keras = [value for value in values if isinstance(value, NAMED)]
                if len(keras) > 1:
                    keras.sort(key=self._first)
                if len(keras) == len(values) and self._one(keras):
                    yield from self._reference(node, keras[0], scope)
                elif keras:
                    yield from self._ambiguous(node, keras, scope, certain=len(keras) == len(values))

    def _one(self, keras: Sequence[Value]) -> bool:
        """Whether the values are one thing of Keras, perhaps reached on two ways (`K` by name and by a star import)."""
        canonical = self._evaluator.world.keras.canonical
        things = {
            canonical(value.path) if isinstance(value, KerasModule) else value.path if isinstance(value, KerasName) else value
            for value in keras
        }
        return len(things) == 1

    def _first(self, value: KerasModule | KerasName | NewName) -> tuple[bool, int, str, str]:
        """An order that no hash decides: what every target has first, the module itself before what another calls it."""
        spelled = value.spelled if isinstance(value, KerasName) else value.path
        moved = any(target.canonical(spelled) is None for target in self._evaluator.world.targets)
        return moved, len(value.path), value.path, spelled

    def _reference(self, node: ast.expr, value: Value, scope: Scope) -> Iterator[Found]:
        if isinstance(value, KerasModule):
            yield from self._chain(node, value, scope)
        elif isinstance(value, KerasName | NewName):
            yield from self._named(node, value, scope)
        elif isinstance(value, UserModule):
            yield from self._handed_on(node, value, scope)

    def _handed_on(self, node: ast.expr, value: UserModule, scope: Scope) -> Iterator[Found]:
        """What is reached through a module of the project that imports it: `parts.K`, `package.parts.Dense`."""
        current: ast.expr = node
        while True:
            parent = self._module.parents.get(current)
            scopes = self._evaluator.world.scopes(value)
            if not isinstance(parent, ast.Attribute) or parent.value is not current or scopes is None:
                return
            bindings = scopes.top.bindings.get(parent.attr, ())
            if not (bindings or scopes.top.stars) or not all(binding.kind in ("import", "from") for binding in bindings):
                return
            values = self._evaluator.module_name(scopes, parent.attr)
            keras = sorted((value for value in values if isinstance(value, NAMED)), key=self._first)
            found = keras[0] if keras and len(keras) == len(values) and self._one(keras) else only(values)
            current = parent
            if isinstance(found, UserModule):
                value = found
                continue
            if isinstance(found, KerasModule | KerasName):
                self._taken.add(parent)
                yield from self._reference(current, found, scope)
            return

    def _ambiguous(self, node: ast.Name, keras: Sequence[Value], scope: Scope, *, certain: bool) -> Iterator[Found]:
        """A name that can be several things: one use that must suit all of them."""
        names = sorted((value for value in keras if isinstance(value, KerasName)), key=lambda value: (value.path, value.spelled))
        if not names or any(isinstance(value, NewName) for value in keras):
            return
        found = [next(self._named(node, value, scope)) for value in names]
        first, *rest = [use._replace(certain=certain) for use in found]
        yield first._replace(others=tuple(rest))

    def _chain(self, node: ast.expr, value: KerasModule, scope: Scope) -> Iterator[Found]:
        current: ast.expr = node
        while True:
            parent = self._module.parents.get(current)
            if not isinstance(parent, ast.Attribute) or parent.value is not current:
                yield Found("reference", value.path, current, scope, spelled=value.path, module=True)
                return
            self._taken.add(parent)
            (found,) = self._evaluator.world.keras_values(f"{value.path}.{parent.attr}")
            current = parent
            if isinstance(found, KerasModule):
                value = found
                continue
            if isinstance(found, KerasName | NewName):
                yield from self._named(current, found, scope)
            return

    def _named(self, node: ast.expr, value: KerasName | NewName, scope: Scope) -> Iterator[Found]:
        new = isinstance(value, NewName)
        if isinstance(value, NewName):
            node, value = self._inside(node, value)
        spelled = value.spelled if isinstance(value, KerasName) else value.path
        parent = self._module.parents.get(node)
        if isinstance(parent, ast.Attribute) and parent.value is node and isinstance(value, KerasName):
            member = self._evaluator.world.keras.member(value.path, parent.attr)
            yield Found("reference", value.path, node, scope, spelled=spelled)
            call = call_of(self._module, parent)
            if parent.attr == "__init__" and call is not None:
                self._taken.add(parent)
                yield Found("construct", value.path, parent, scope, call, spelled, value.path, leading=1)
            elif member is not None:
                self._taken.add(parent)
                yield Found(
                    "method", f"{member.owner}.{member.name}", parent, scope, call, spelled,
                    value.path, leading=int(member.kind == "method"),
                )  # fmt: skip
            return
        if isinstance(parent, ast.Call) and parent.func is node:
            yield Found("call", value.path, node, scope, parent, spelled, new=new)
        elif isinstance(parent, ast.ClassDef):
            yield Found("subclass", value.path, node, scope, spelled=spelled, new=new)
        else:
            yield Found("reference", value.path, node, scope, spelled=spelled, new=new)

    def _inside(self, node: ast.expr, value: NewName) -> tuple[ast.expr, NewName]:
        """What is asked of a module that only Keras 2 has (`initializers.Zeros`); a name itself if it is no module."""
        parent = self._module.parents.get(node)
        while isinstance(parent, ast.Attribute) and parent.value is node and self._is_module(value.path):
            self._taken.add(parent)
            node, value = parent, NewName(f"{value.path}.{parent.attr}")
            parent = self._module.parents.get(node)
        return node, value

    def _is_module(self, path: str) -> bool:
        return any(target.is_module(path) for target in self._evaluator.world.targets)


def call_of(module: ModuleScope, node: ast.expr) -> ast.Call | None:
    """The call whose callee the node is."""
    parent = module.parents.get(node)
    return parent if isinstance(parent, ast.Call) and parent.func is node else None
