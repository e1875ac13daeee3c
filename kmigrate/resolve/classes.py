"""What the user's classes are: their Keras ancestors, their methods, and what is assigned to `self`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from kmigrate.resolve.scopes import FunctionNode, ModuleScope, Scope
from kmigrate.resolve.values import (
    NONE,
    NOTHING,
    OTHER,
    UNKNOWN,
    Instance,
    KerasMember,
    KerasName,
    Other,
    UserClass,
    UserFunction,
    UserObject,
    Value,
    Values,
    only,
)

if TYPE_CHECKING:
    from kmigrate.resolve.evaluate import Evaluator


class Classes:
    """Answers about classes; asks the evaluator for expressions."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._bases: dict[ast.ClassDef, tuple[Value, ...]] = {}
        self._keras_bases: dict[ast.ClassDef, tuple[str, ...]] = {}
        self._under_way = 0
        self._stores: dict[ModuleScope, dict[ast.ClassDef, dict[str, list[tuple[ast.Attribute, Scope]]]]] = {}

    def is_a(self, cls: str, ancestor: str) -> bool:
        """Whether a Keras class is `ancestor` or derives from it."""
        return ancestor in self._evaluator.world.keras.ancestors(cls)

    def inherits(self, cls: UserClass, ancestor: str) -> bool:
        """Whether a class of the user derives from the Keras class `ancestor`."""
        return any(self.is_a(base, ancestor) for base in self.keras_bases(cls))

    def bases(self, cls: UserClass) -> tuple[Value, ...]:
        """What the base classes can be, in the order of the class statement."""
        node = cls.node
        if node not in self._bases:
            self._bases[node] = ()
            self._under_way += 1
            scope = self._scope(cls).parent or cls.module.top
            found: dict[Value, None] = {}
            for base in node.bases:
                found.update(dict.fromkeys(sorted(self._evaluator.values(base, scope), key=_as_written)))
            self._bases[node] = tuple(found)
            self._under_way -= 1
        return self._bases[node]

    def keras_bases(self, cls: UserClass) -> tuple[str, ...]:
        """The Keras classes that the class derives from, nearest first; remembered unless bases are being worked out."""
        known = self._keras_bases.get(cls.node)
        if known is None:
            known = tuple(self._ancestors(cls)) or self._mixed_with(cls)
            if not self._under_way:
                self._keras_bases[cls.node] = known
        return known

    def _mixed_with(self, cls: UserClass) -> tuple[str, ...]:
        """What all classes of its module derive from that mix a class without Keras ancestors in: `class Mine(Mixin, Dense)`."""
        name = cls.node.name
        mixed = [
            node for node, _, _ in cls.module.classes
            if len(node.bases) > 1 and name in [base.id for base in node.bases if isinstance(base, ast.Name)]
        ]  # fmt: skip
        found = [tuple(self._ancestors(UserClass(node, cls.module))) for node in mixed]
        if not found or not all(found):
            return ()
        if len(set(found)) == 1:
            return found[0]
        shared = ("keras.layers.Layer", "keras.callbacks.Callback")
        return tuple(top for top in shared if all(self.is_a(bases[0], top) for bases in found))

    def _ancestors(self, cls: UserClass) -> dict[str, None]:
        found: dict[str, None] = {}
        seen: set[ast.ClassDef] = set()
        pending = [cls]
        while pending:
            current = pending.pop(0)
            if current.node in seen:
                continue
            seen.add(current.node)
            for base in self.bases(current):
                if isinstance(base, KerasName):
                    found[base.path] = None
                elif isinstance(base, UserClass):
                    pending.append(base)
        return found

    def of_object(self, value: Value) -> Values:
        """The class of an object; of what is only known to be some layer or model, and of `self`, it can be a subclass."""
        match value:
            case Instance(cls=cls) if cls not in _OPEN:
                return self._evaluator.world.keras_values(cls)
            case UserObject(cls=user):
                return frozenset({user}) | UNKNOWN
            case _:
                return UNKNOWN

    def keras_member(self, cls: str, name: str) -> Values:
        """What `object.name` is for an object of a Keras class: a method, or what a property gives."""
        member = self._evaluator.world.keras.member(cls, name)
        if member is None:
            return UNKNOWN
        if member.kind in ("method", "classmethod", "staticmethod"):
            return frozenset({KerasMember(cls, name)})
        if member.returns is None:
            return UNKNOWN
        return self._evaluator.calls.returned(member.returns, f"{cls}.{name}")

    def attribute(self, cls: UserClass, name: str, *, bound: bool) -> Values:
        """What `object.name` (or `Class.name`) can be for a class of the user, inherited members included."""
        return self._evaluator.settled((cls.node, name, bound), self._attribute, cls, name, bound)

    def _attribute(self, cls: UserClass, name: str, bound: bool) -> Values:
        seen: set[ast.ClassDef] = set()
        pending: list[Value] = [cls]
        unknown = False
        while pending:
            current = pending.pop(0)
            if isinstance(current, KerasName):
                if self._evaluator.world.keras.member(current.path, name) is not None:
                    if bound:
                        return self.keras_member(current.path, name)
                    return frozenset({KerasMember(current.path, name, bound=False)})
                continue
            if not isinstance(current, UserClass):
                unknown = unknown or not isinstance(current, Other)
                continue
            if current.node in seen:
                continue
            seen.add(current.node)
            found = self._own(current, name, bound=bound)
            if found:
                return found
            pending.extend(self.bases(current))
        return UNKNOWN if unknown or bound else OTHER  # a subclass, or whoever has the object, may set it

    def overridden(self, cls: UserClass, name: str) -> bool:
        """Whether a class of the user's, or one that it inherits from, sets or defines the member itself."""
        pending: list[Value] = [cls]
        seen: set[ast.ClassDef] = set()
        while pending:
            current = pending.pop()
            if not isinstance(current, UserClass) or current.node in seen:
                continue
            seen.add(current.node)
            stores = self.stores(current.module).get(current.node, {})
            if name in stores or self.defines(current, name):
                return True
            pending.extend(self.bases(current))
        return False

    def defines(self, cls: UserClass, name: str) -> bool:
        """Whether the class itself binds `name` in its body."""
        return name in self._scope(cls).bindings

    def initializer(self, cls: UserClass) -> UserFunction | None:
        """The `__init__` of the user that runs when an object of the class is made; None if it is Keras's, or nobody knows."""
        found = only(self.attribute(cls, "__init__", bound=False))
        return found if isinstance(found, UserFunction) else None

    def enclosing(self, scope: Scope) -> UserClass | None:
        """The class whose method `scope` stands in."""
        for inner in scope.chain():
            if inner.kind == "class":
                return UserClass(inner.node, inner.module)
        return None

    def method_owner(self, function: ast.AST, scope: Scope) -> UserClass | None:
        """The class of which `function` (with its own scope) is a method."""
        parent = scope.parent
        if parent is not None and parent.kind == "class" and not isinstance(function, ast.Lambda):
            return UserClass(parent.node, parent.module)
        return None

    def parent_object(self, cls: UserClass) -> Values:
        """What `super()` stands for: an object of the first base; without one, of what the class is mixed with."""
        for base in self.bases(cls):
            if isinstance(base, KerasName):
                return frozenset({Instance(base.path)})
            if isinstance(base, UserClass):
                return frozenset({UserObject(base)})
        mixed = self.keras_bases(cls)
        return frozenset({Instance(mixed[0])}) if mixed else OTHER

    def stores(self, module: ModuleScope) -> dict[ast.ClassDef, dict[str, list[tuple[ast.Attribute, Scope]]]]:
        """Per class of a module and attribute: the places that assign `self.attribute`, or `Class.attribute`."""
        if module not in self._stores:
            index: dict[ast.ClassDef, dict[str, list[tuple[ast.Attribute, Scope]]]] = {}
            for store, scope in module.attribute_stores:
                owner = self._self_class(store, scope) if not isinstance(store.ctx, ast.Del) else None
                if owner is not None:
                    index.setdefault(owner, {}).setdefault(store.attr, []).append((store, scope))
            self._stores[module] = index
        return self._stores[module]

    def _self_class(self, store: ast.Attribute, scope: Scope) -> ast.ClassDef | None:
        if not isinstance(store.value, ast.Name):
            return None
        owner = scope.lookup(store.value.id)
        bindings = owner.bindings.get(store.value.id, ()) if owner is not None else ()
        if len(bindings) == 1 and isinstance(bindings[0].node, ast.ClassDef):
            return bindings[0].node
        if owner is None or owner.kind != "function" or owner.parent is None or owner.parent.kind != "class":
            return None
        function: FunctionNode = owner.node
        positional = [*function.args.posonlyargs, *function.args.args]
        if positional and positional[0].arg == store.value.id:
            node: ast.ClassDef = owner.parent.node
            return node
        return None

    def _scope(self, cls: UserClass) -> Scope:
        return cls.module.scope_of[cls.node]

    def _own(self, cls: UserClass, name: str, *, bound: bool) -> Values:
        scope = self._scope(cls)
        found = NOTHING
        for binding in scope.bindings.get(name, ()):
            values = self._evaluator.binding(binding)
            if binding.kind == "function" and bound and self._is_property(binding.node):
                for value in values:
                    if isinstance(value, UserFunction):
                        found |= self._evaluator.calls.result(value, NO_CALL, scope)
                continue
            found |= frozenset(
                UserFunction(value.node, value.scope, cls) if isinstance(value, UserFunction) else value
                for value in values
            )
        for store, inner in self.stores(cls.module).get(cls.node, {}).get(name, ()):
            found |= self._stored(store, inner)
        return found if found != NONE else UNKNOWN

    def _stored(self, store: ast.Attribute, scope: Scope) -> Values:
        parent = scope.module.parents.get(store)
        if isinstance(parent, ast.Assign):
            values = self._evaluator.values(parent.value, scope)
            return values - NONE
        return UNKNOWN

    def _is_property(self, node: ast.AST) -> bool:
        return any(
            isinstance(decorator, ast.Name) and decorator.id == "property"
            for decorator in getattr(node, "decorator_list", ())
        )


def _as_written(value: Value) -> tuple[str, int]:
    """An order of values that no hash decides: classes of Keras first, then the user's in the order of their lines."""
    if isinstance(value, KerasName):
        return value.spelled, 0
    return "~", value.node.lineno if isinstance(value, UserClass) else 0


_OPEN = frozenset({"keras.layers.Layer", "keras.models.Model", "keras.engine.topology.Container"})
"""What an object is that some function of Keras gives, whatever its own class."""

NO_CALL = ast.Call(func=ast.Name(id="", ctx=ast.Load()), args=[], keywords=[])
"""What stands for a call that gives nothing, where there is none to look at."""
