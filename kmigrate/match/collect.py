"""Where a module uses Keras: imports, names, calls, methods and attributes of Keras objects, subclasses."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from kmigrate.keras.signatures import of_keras
from kmigrate.match.assignments import assignments
from kmigrate.match.behind_runs import behind_runs
from kmigrate.match.called import called
from kmigrate.match.definitions import definitions
from kmigrate.match.found import Found, Kind
from kmigrate.match.guesses import TENSOR_ONLY, Guesses
from kmigrate.match.indirect import Indirect, imported_by_text, partials
from kmigrate.match.layers import unknown_layer
from kmigrate.match.named import Named, call_of
from kmigrate.match.narrowed import TESTS, narrowed
from kmigrate.match.one_input import in_lists
from kmigrate.match.passed import passed
from kmigrate.match.rules import RuleIndex
from kmigrate.match.spoken import ALONE, SEQUENTIAL_ALONE
from kmigrate.match.told import told
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import Binding, ModuleScope, Scope
from kmigrate.resolve.values import (
    NONE,
    OTHER,
    UNKNOWN,
    Instance,
    KerasModule,
    KerasName,
    Other,
    RawTensor,
    Tensor,
    Unknown,
    UserObject,
    Value,
)

NodeT = TypeVar("NodeT", bound=ast.expr)


@dataclass(slots=True)
class Collector:
    """Collects the uses of one module.

    `members` are the names worth a question about the receiver; `hints` maps a method name to (documented name, keywords
    that only Keras 1 has): they let a call on an unknown object speak for itself. Of the rules it matters which names they
    treat: attributes where they are set or read (setting one that is read says something to the object as well), methods where
    they are defined, so that calls of the user's own definitions follow, and what is looked at although nobody knows the object.
    `lines` restricts the collection to uses that stand on these lines, imports excepted.
    """

    module: ModuleScope
    evaluator: Evaluator
    members: frozenset[str]
    hints: dict[str, tuple[str, frozenset[str]]]
    rules: RuleIndex
    lines: frozenset[int] | None = None
    calls: list[tuple[ast.Call, Scope]] = field(init=False)
    taken: set[ast.AST] = field(default_factory=set)
    guessing: Guesses = field(init=False)

    def __post_init__(self) -> None:
        self.guessing = Guesses(self.module, self.evaluator, self.hints, self.rules.guesses)
        self.calls = self._wanted(self.module.calls)

    def collect(self) -> list[Found]:
        """All uses, in the order of the text."""
        named = Named(self.module, self.evaluator, self.taken)
        found = [*self._imports(), *named.uses(self._loads()), *sorted(self._attributes(), key=_outer_first)]
        self.taken.update(use.node for use in found)
        found += [
            *partials(self.module, self.evaluator, self.calls),
            *imported_by_text(self.module, self.evaluator, self.calls),
            *Indirect(self.module, self.evaluator, self.members, self.taken).uses(self.calls),
            *definitions(self.module, self.evaluator, self.rules.methods.keys() | self.rules.definitions.keys()),
            *assignments(
                self.evaluator, self.guessing, self._wanted(self.module.attribute_stores), self.rules.assigns,
                self.rules.attributes, self.rules.methods,
            ),
            *self.guessing.asked(self.calls, self.rules.methods), *called(self.module, self.evaluator, self.calls),
            *passed(self.module, self.evaluator, self.calls, self.rules), *in_lists(self.evaluator, self.calls),
            *behind_runs(self.module, self.evaluator, self.calls, self.rules),
        ]  # fmt: skip
        return sorted(found, key=_place)

    def _wanted(self, nodes: list[tuple[NodeT, Scope]]) -> list[tuple[NodeT, Scope]]:
        lines = self.lines
        if lines is None:
            return nodes
        return [
            (node, scope)
            for node, scope in nodes
            if node.lineno in lines or (node.end_lineno != node.lineno and not lines.isdisjoint(_lines_of(node)))
        ]

    def _loads(self) -> dict[str, list[tuple[ast.Name, Scope]]]:
        """The loads of names on the lines, by name."""
        lines = self.lines
        if lines is None:
            return self.module.loads
        found: dict[str, list[tuple[ast.Name, Scope]]] = {}
        for node, scope in [load for loads in self.module.loads.values() for load in loads if load[0].lineno in lines]:
            found.setdefault(node.id, []).append((node, scope))
        return found

    # --- imports --------------------------------------------------------------------------------------------------

    def _imports(self) -> Iterator[Found]:
        for binding in self.module.imports:
            statement = binding.statement
            assert isinstance(binding.node, ast.alias)
            if isinstance(statement, ast.ImportFrom):
                base = statement.module or ""
                if statement.level or not of_keras(base):
                    continue
                if binding.kind == "star":
                    yield Found("import", base, binding.node, binding.scope, spelled=base, module=True)
                    continue
                path = f"{base}.{binding.node.name}"
            elif of_keras(binding.node.name):
                path = binding.node.name
            else:
                continue
            yield self._imported(path, binding)

    def _imported(self, path: str, binding: Binding) -> Found:
        (value,) = self.evaluator.world.keras_values(path)
        match value:
            case KerasName(name):
                return Found("import", name, binding.node, binding.scope, spelled=path)
            case KerasModule():
                return Found("import", path, binding.node, binding.scope, spelled=path, module=True)
            case _:
                return Found("import", path, binding.node, binding.scope, spelled=path, new=True)

    # --- members of objects ---------------------------------------------------------------------------------------

    def _attributes(self) -> Iterator[Found]:
        asked = [
            found for name, listed in self.module.attributes.items() if name in self.members or name == "__init__"
            for found in listed
        ]  # fmt: skip
        tests = not TESTS.isdisjoint(self.module.loads) or "__class__" in self.module.attributes
        for node, scope in self._wanted(asked):
            if node in self.taken:
                continue
            values = self.evaluator.values(node.value, scope)
            if values is OTHER and node.attr not in _SPEAKING:
                continue
            values -= NONE
            if tests and values <= UNKNOWN and node.attr != "__init__":
                tested = narrowed(self.module, self.evaluator, node.value, scope)
                if tested and all(self._member(value, node.attr, scope) for value in tested - UNKNOWN):
                    values = tested
            known = [value for value in values if not isinstance(value, Unknown)]
            owners = [self._member(value, node.attr, scope) for value in known]
            call = call_of(self.module, node)
            some = any(owner is not None for owner in owners)
            if some and (all(owner is not None for owner in owners) or self.guessing.speaks(node.attr, call)):
                yield from self._of_owners(node, scope, call, owners, sure=len(known) == len(values))
            elif call is not None and self.guessing.may_be_a_model(node, call, values):
                yield from self.guessing.method(node, scope, call)
            elif call is not None and node.attr in SEQUENTIAL_ALONE and known and all(map(self._is_model, known)):
                yield Found("method", f"{_SEQUENTIAL}.{node.attr}", node, scope, call, cls=_SEQUENTIAL)
            elif node.attr in TENSOR_ONLY and all(isinstance(value, Other) for value in known):
                yield Found("attribute", f"keras_tensor.{node.attr}", node, scope, cls="keras_tensor", certain=False)
            elif node.attr in _LAYER_ONLY and call is not None and all(isinstance(value, Other) for value in known):
                yield Found("method", f"{_LAYER}.{node.attr}", node, scope, call, cls=_LAYER, certain=False)
            elif node.attr in _OF_OLD_LAYERS and known and all(map(self._is_layer, known)):
                yield Found(_kind(call), f"{_LAYER}.{node.attr}", node, scope, call, cls=_LAYER, certain=False)
            elif node.attr in self.guessing.names and unknown_layer(values):
                yield from self.guessing.attribute(node, node.attr, node.value, scope)
            elif some and all(owner or isinstance(value, Instance) for owner, value in zip(owners, known, strict=True)):
                yield from self._of_owners(node, scope, call, owners, sure=False)  # the others of Keras would fail here

    def _of_owners(
        self, node: ast.Attribute, scope: Scope, call: ast.Call | None, owners: Sequence[tuple[str, str] | None], *, sure: bool
    ) -> Iterator[Found]:
        """The use that an attribute is whose object can be of these classes, None of which stands for one that has it not."""
        listed = sorted({owner for owner in owners if owner is not None})
        foreign = None in owners
        if call is not None and node.attr == "__init__":
            yield Found("construct", listed[0][0], node, scope, call, cls=listed[0][0])
            return
        certain = not foreign and (sure or self.guessing.speaks(node.attr, call))
        if not certain and node.attr in self.guessing.names and self.guessing.counted(node):
            return
        first, *rest = [Found(_kind(call), name, node, scope, call, cls=cls, certain=certain) for cls, name in listed]
        yield first._replace(others=tuple(rest)) if rest else first

    def _is_model(self, value: Value) -> bool:
        return isinstance(value, Instance) and self.evaluator.classes.is_a(value.cls, _MODEL)

    def _is_layer(self, value: Value) -> bool:
        return isinstance(value, Instance) and self.evaluator.classes.is_a(value.cls, _LAYER)

    def _member(self, value: Value, name: str, scope: Scope) -> tuple[str, str] | None:
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
                    return None if classes.overridden(user, name) else (bases[0], f"{bases[0]}.__init__")
                if bases and (
                    name in self.rules.methods or not classes.overridden(user, name) or told(classes, user, name, scope)
                ):
                    for base in bases:
                        member = keras.member(base, name)
                        if member is not None:
                            return base, f"{member.owner}.{name}"
                return None
            case Tensor() | RawTensor() if name in self.rules.assigns:
                return "keras_tensor", f"keras_tensor.{name}"
            case _:
                return None


_LAYER = "keras.layers.Layer"
_MODEL, _SEQUENTIAL = "keras.models.Model", "keras.models.Sequential"
_LAYER_ONLY = frozenset({"get_output_shape_for"})
"""Methods that only layers of Keras 1 have."""
_OF_OLD_LAYERS = frozenset({"get_output", "get_input"})
"""Methods that layers had before Keras 1.0."""
_SPEAKING = TENSOR_ONLY | _LAYER_ONLY | ALONE.keys()
"""Members that speak for themselves: looked at although the object is another library's as far as anybody can see."""


def _kind(call: ast.Call | None) -> Kind:
    """What the use of an attribute is: of a method where it is called."""
    return "method" if call is not None else "attribute"


def _place(use: Found) -> tuple[int, int]:
    """Where the node of a use begins."""
    assert isinstance(use.node, (ast.expr, ast.stmt, ast.alias))
    return use.node.lineno, use.node.col_offset


def _outer_first(use: Found) -> tuple[int, int]:
    """An order for attributes of which several begin at one place: `model.layers.pop`, then `model.layers`."""
    assert isinstance(use.node, ast.expr)
    return -(use.node.end_lineno or 0), -(use.node.end_col_offset or 0)


def _lines_of(node: ast.expr) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)
