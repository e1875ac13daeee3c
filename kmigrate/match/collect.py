"""Where a module uses Keras: imports, names, calls, methods and attributes of Keras objects, subclasses."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from kmigrate.match.aliases import NAMED, Aliases
from kmigrate.match.constructions import MAKERS, MAKERS_BY_PATH, constructed
from kmigrate.match.found import Found, Kind
from kmigrate.match.guesses import TENSOR_ONLY, Guesses
from kmigrate.match.layers import of_model_layers
from kmigrate.match.spoken import ALONE, SEQUENTIAL_ALONE
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.partials import is_partial
from kmigrate.resolve.scopes import Binding, ModuleScope, Scope
from kmigrate.resolve.values import (
    NONE,
    OTHER,
    UNKNOWN,
    Instance,
    KerasModule,
    KerasName,
    NewName,
    Other,
    Partial,
    RawTensor,
    Tensor,
    Unknown,
    UserClass,
    UserObject,
    Value,
    only,
)

NodeT = TypeVar("NodeT", bound=ast.expr)


@dataclass(slots=True)
class Collector:
    """Collects the uses of one module.

    `members` are the names worth a question about the receiver; `hints` maps a method name to (documented name, keywords
    that only Keras 1 has): they let a call on an unknown object speak for itself. `protocol` are methods that rules rename
    where they are defined, so that calls of the user's own definitions follow. `lines` restricts the collection to uses that
    stand on these lines, imports excepted. `guesses` are attributes that are looked at although nobody knows the object; `kept`
    those that rules treat where they are read: setting one says something to the object as well.
    """

    module: ModuleScope
    evaluator: Evaluator
    members: frozenset[str]
    hints: dict[str, tuple[str, frozenset[str]]]
    assigned: frozenset[str]
    protocol: frozenset[str] = frozenset()
    lines: frozenset[int] | None = None
    guesses: dict[str, tuple[str, str]] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()
    calls: list[tuple[ast.Call, Scope]] = field(init=False)
    taken: set[ast.AST] = field(default_factory=set)
    aliases: Aliases = field(init=False)
    guessing: Guesses = field(init=False)

    def __post_init__(self) -> None:
        self.aliases = Aliases(self.module, self.evaluator)
        self.guessing = Guesses(self.module, self.evaluator, self.hints, self.guesses)
        self.calls = self._wanted(self.module.calls)

    def collect(self) -> list[Found]:
        """All uses, in the order of the text."""
        found = [
            *self._imports(), *self._names(), *self._attributes(), *self._partials(), *self._constructions(),
            *self._definitions(), *self._assignments(),
            *self.guessing.asked(self.calls),
        ]  # fmt: skip
        return sorted(found, key=lambda use: (getattr(use.node, "lineno", 0), getattr(use.node, "col_offset", 0)))

    def _wanted(self, nodes: list[tuple[NodeT, Scope]]) -> list[tuple[NodeT, Scope]]:
        lines = self.lines
        if lines is None:
            return nodes
        return [
            (node, scope)
            for node, scope in nodes
            if node.lineno in lines or (node.end_lineno != node.lineno and not lines.isdisjoint(_lines_of(node)))
        ]

    # --- imports --------------------------------------------------------------------------------------------------

    def _imports(self) -> Iterator[Found]:
        for binding in self.module.imports:
            statement = binding.statement
            assert isinstance(binding.node, ast.alias)
            if isinstance(statement, ast.ImportFrom):
                base = statement.module or ""
                if statement.level or not _is_keras(base):
                    continue
                if binding.kind == "star":
                    yield Found("import", base, binding.node, binding.scope, spelled=base, module=True)
                    continue
                path = f"{base}.{binding.node.name}"
            elif _is_keras(binding.node.name):
                path = binding.node.name
            else:
                continue
            yield self._imported(path, binding)

    def _imported(self, path: str, binding: Binding) -> Found:
        value = self.evaluator.world.keras_value(path)
        match value:
            case KerasName(name):
                return Found("import", name, binding.node, binding.scope, spelled=path)
            case KerasModule():
                return Found("import", path, binding.node, binding.scope, spelled=path, module=True)
            case _:
                return Found("import", path, binding.node, binding.scope, spelled=path, new=True)

    # --- names and dotted names -----------------------------------------------------------------------------------

    def _names(self) -> Iterator[Found]:
        for name, loads in self._loads().items():
            worth: dict[Scope, bool] = {}
            for node, scope in loads:
                asked = worth.get(scope)
                if asked is None:
                    owner = scope.lookup(name)
                    asked = worth[scope] = owner is not None and self.aliases.may_be_keras(name, owner)
                if not asked:
                    continue
                values = self.evaluator.name(node, scope)
                keras = [value for value in values if isinstance(value, NAMED)]
                if len(keras) > 1:
                    keras.sort(key=_shortest_first)
                if len(keras) == len(values) and self._one(keras):
                    yield from self._reference(node, keras[0], scope)
                elif keras:
                    yield from self._ambiguous(node, keras, scope, certain=len(keras) == len(values))

    def _loads(self) -> dict[str, list[tuple[ast.Name, Scope]]]:
        """The loads of names on the lines, by name."""
        lines = self.lines
        if lines is None:
            return self.module.loads
        found: dict[str, list[tuple[ast.Name, Scope]]] = {}
        for node, scope in [load for loads in self.module.loads.values() for load in loads if load[0].lineno in lines]:
            found.setdefault(node.id, []).append((node, scope))
        return found

    def _one(self, keras: Sequence[Value]) -> bool:
        """Whether the values are one thing of Keras, perhaps reached on two ways (`K` by name and by a star import)."""
        canonical = self.evaluator.world.keras.canonical
        paths = {canonical(value.path) if isinstance(value, KerasModule) else value for value in keras}
        return len(paths) == 1

    def _reference(self, node: ast.Name, value: Value, scope: Scope) -> Iterator[Found]:
        if isinstance(value, KerasModule):
            yield from self._chain(node, value, scope)
        elif isinstance(value, KerasName | NewName):
            yield from self._named(node, value, scope)

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
            parent = self.module.parents.get(current)
            if not isinstance(parent, ast.Attribute) or parent.value is not current:
                yield Found("reference", value.path, current, scope, spelled=value.path, module=True)
                return
            self.taken.add(parent)
            found = self.evaluator.world.keras_value(f"{value.path}.{parent.attr}")
            current = parent
            if isinstance(found, KerasModule):
                value = found
                continue
            if isinstance(found, KerasName | NewName):
                yield from self._named(current, found, scope)
            return

    def _named(self, node: ast.expr, value: KerasName | NewName, scope: Scope) -> Iterator[Found]:
        new = isinstance(value, NewName)
        spelled = value.spelled if isinstance(value, KerasName) else value.path
        parent = self.module.parents.get(node)
        if isinstance(parent, ast.Attribute) and parent.value is node and isinstance(value, KerasName):
            member = self.evaluator.world.keras.member(value.path, parent.attr)
            yield Found("reference", value.path, node, scope, spelled=spelled)
            call = self._call_of(parent)
            if parent.attr == "__init__" and call is not None:
                self.taken.add(parent)
                yield Found("construct", value.path, parent, scope, call, spelled, value.path, leading=1)
            elif member is not None:
                self.taken.add(parent)
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

    # --- members of objects ---------------------------------------------------------------------------------------

    def _attributes(self) -> Iterator[Found]:
        names = self.members | {"__init__"}
        for node, scope in self._wanted([found for found in self.module.attributes if found[0].attr in names]):
            if node in self.taken:
                continue
            values = self.evaluator.values(node.value, scope)
            if values is OTHER and node.attr not in _SPEAKING:
                continue
            values -= NONE
            known = [value for value in values if not isinstance(value, Unknown)]
            owners = [self._member(value, node.attr) for value in known]
            call = self._call_of(node)
            kind: Kind = "method" if call is not None else "attribute"
            if owners and any(owner is not None for owner in owners) and (
                all(owner is not None for owner in owners) or self.guessing.speaks(node.attr, call)
            ):
                listed = sorted({owner for owner in owners if owner is not None})
                foreign = None in owners
                if call is not None and node.attr == "__init__":
                    yield Found("construct", listed[0][0], node, scope, call, cls=listed[0][0])
                    continue
                certain = not foreign and (len(known) == len(values) or self.guessing.speaks(node.attr, call))
                if not certain and node.attr in self.guessing.names and self.guessing.counted(node):
                    continue
                first, *rest = [
                    Found(kind, name, node, scope, call, cls=cls, certain=certain) for cls, name in listed
                ]
                yield first._replace(others=tuple(rest)) if rest else first
            elif call is not None and self.guessing.may_be_a_model(node, call, values):
                yield from self.guessing.method(node, scope, call)
            elif call is not None and node.attr in SEQUENTIAL_ALONE and known and all(map(self._is_model, known)):
                yield Found("method", f"{_SEQUENTIAL}.{node.attr}", node, scope, call, cls=_SEQUENTIAL)
            elif node.attr in TENSOR_ONLY and all(isinstance(value, Other) for value in known):
                yield Found("attribute", f"keras_tensor.{node.attr}", node, scope, cls="keras_tensor", certain=False)
            elif node.attr in _LAYER_ONLY and call is not None and all(isinstance(value, Other) for value in known):
                yield Found("method", f"{_LAYER}.{node.attr}", node, scope, call, cls=_LAYER, certain=False)
            elif not known and node.attr in self.guessing.names:
                yield from self.guessing.attribute(node, node.attr, node.value, scope)

    def _call_of(self, node: ast.expr) -> ast.Call | None:
        """The call whose callee the node is."""
        parent = self.module.parents.get(node)
        return parent if isinstance(parent, ast.Call) and parent.func is node else None

    def _is_model(self, value: Value) -> bool:
        return isinstance(value, Instance) and self.evaluator.classes.is_a(value.cls, _MODEL)

    def _member(self, value: Value, name: str) -> tuple[str, str] | None:
        """(class of the object, documented name of the member), if it is Keras's."""
        classes = self.evaluator.classes
        keras = self.evaluator.world.keras
        match value:
            case Instance(cls):
                if name == "__init__":
                    return cls, f"{cls}.__init__"
                member = keras.member(cls, name)
                return (cls, f"{member.owner}.{name}") if member is not None else None
            case UserObject(cls=user):
                bases = classes.keras_bases(user)
                if bases and name == "__init__":
                    return None if self.evaluator.classes.overridden(user, name) else (bases[0], f"{bases[0]}.__init__")
                if bases and (name in self.protocol or not self.evaluator.classes.overridden(user, name)):
                    for base in bases:
                        member = keras.member(base, name)
                        if member is not None:
                            return base, f"{member.owner}.{name}"
                return None
            case Tensor() | RawTensor() if name in self.assigned:
                return "keras_tensor", f"keras_tensor.{name}"
            case _:
                return None

    # --- calls that reach a Keras class on another way ------------------------------------------------------------

    def _partials(self) -> Iterator[Found]:
        if not any(_of_functools(binding) for binding in self.module.imports):
            return
        for call, scope in self.calls:
            func = call.func
            if call.args and is_partial(self.evaluator, func, scope):
                for value in self.evaluator.values(call, scope):
                    if isinstance(value, Partial) and isinstance(value.function, KerasName):
                        yield Found("partial", value.function.path, func, scope, call, leading=1)

    def _constructions(self) -> Iterator[Found]:
        """Calls of partial objects, of the user's subclasses that inherit `__init__`, of `layers['dense']`."""
        for call, scope in self.calls:
            func = call.func
            if func in self.taken or not self._may_construct(func, scope):
                continue
            values = self.evaluator.values(func, scope)
            makers = MAKERS if isinstance(func, ast.Name) else MAKERS_BY_PATH
            if values is OTHER or not any(isinstance(value, makers) for value in values):  # nearly always
                continue
            if any(isinstance(value, NewName) for value in values):
                continue
            names = [constructed(self.evaluator, value, func, call) for value in values]
            paths = sorted({name for name in names if name is not None})
            if paths:
                certain = None not in names
                first, *rest = [
                    Found("construct", path, func, scope, call, certain=certain, leading=leading) for path, leading in paths
                ]
                yield first._replace(others=tuple(rest)) if rest else first

    def _may_construct(self, func: ast.expr, scope: Scope) -> bool:
        if isinstance(func, ast.Name):
            owner = scope.lookup(func.id)
            bindings = owner.bindings.get(func.id, ()) if owner is not None else ()
            return any(binding.kind in _HOLDS_CLASSES or _hands_on(binding) for binding in bindings)
        if isinstance(func, ast.Attribute):
            return func.attr not in self.members
        return isinstance(func, ast.Subscript | ast.Call | ast.IfExp)

    # --- classes --------------------------------------------------------------------------------------------------

    def _definitions(self) -> Iterator[Found]:
        for node, _outer, scope in self.module.classes:
            bases = self.evaluator.classes.keras_bases(UserClass(node, self.module))
            if not bases:
                continue
            for statement in node.body:
                if not isinstance(statement, ast.FunctionDef) or statement.name == "__init__":
                    continue
                for base in bases:
                    member = self.evaluator.world.keras.member(base, statement.name)
                    if member is not None and member.kind != "attribute":
                        yield Found("definition", f"{member.owner}.{member.name}", statement, scope, cls=base)
                        break
                else:
                    if statement.name in self.protocol:
                        yield Found("definition", f"{bases[0]}.{statement.name}", statement, scope, cls=bases[0])

    def _assignments(self) -> Iterator[Found]:
        for node, scope in self._wanted(self.module.attribute_stores):
            if node.attr not in self.assigned:
                yield from self._set(node, scope)
                continue
            values = self.evaluator.values(node.value, scope)
            if values and all(isinstance(value, Tensor | RawTensor) for value in values):
                yield Found("assign", f"keras_tensor.{node.attr}", node, scope, cls="keras_tensor")
                continue
            value = only(values)
            if isinstance(value, UserObject):
                bases = self.evaluator.classes.keras_bases(value.cls)
                if bases:
                    yield Found("assign", f"{bases[0]}.{node.attr}", node, scope, cls=bases[0])
            elif isinstance(value, Instance):
                yield Found("assign", f"{value.cls}.{node.attr}", node, scope, cls=value.cls)
            elif isinstance(value, Unknown) and of_model_layers(self.evaluator, node.value, scope):
                yield Found("assign", f"{_LAYER}.{node.attr}", node, scope, cls=_LAYER, certain=False)

    def _set(self, node: ast.Attribute, scope: Scope) -> Iterator[Found]:
        """An attribute that Keras 1 asks an object for, set on it: `layer.W_regularizer = l2(0.1)`."""
        if node.attr not in self.kept:
            return
        values = self.evaluator.values(node.value, scope) - NONE
        value = only(values)
        if isinstance(value, Instance):
            if self.evaluator.world.keras.member(value.cls, node.attr) is not None:
                yield Found("assign", f"{value.cls}.{node.attr}", node, scope, cls=value.cls)
        elif node.attr in self.guessing.names and values <= UNKNOWN:
            yield from self.guessing.attribute(node, node.attr, node.value, scope)


_LAYER = "keras.layers.Layer"
_MODEL, _SEQUENTIAL = "keras.models.Model", "keras.models.Sequential"
_LAYER_ONLY = frozenset({"get_output_shape_for"})
"""Methods that only layers of Keras 1 have."""
_SPEAKING = TENSOR_ONLY | _LAYER_ONLY | ALONE.keys()
"""Members that speak for themselves: looked at although the object is another library's as far as anybody can see."""


def _shortest_first(value: KerasModule | KerasName | NewName) -> tuple[int, str, str]:
    """An order that no hash decides: the module itself before what another module calls it."""
    return len(value.path), value.path, value.spelled if isinstance(value, KerasName) else ""


def _lines_of(node: ast.expr) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


_HOLDS_CLASSES = frozenset({"assign", "from", "class", "loop"})
"""The kinds of bindings that can give a name to a class, or to what makes objects of one."""


def _hands_on(binding: Binding) -> bool:
    """Whether a function takes whatever it is given."""
    return isinstance(binding.node, ast.FunctionDef) and binding.node.args.vararg is not None


def _is_keras(path: str) -> bool:
    return path == "keras" or path.startswith("keras.")


def _of_functools(binding: Binding) -> bool:
    if isinstance(binding.statement, ast.ImportFrom):
        return binding.statement.module == "functools"
    return isinstance(binding.node, ast.alias) and binding.node.name == "functools"
