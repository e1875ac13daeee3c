"""Which uses of Keras do the calls and attributes of objects that nobody knows tell of?"""

from __future__ import annotations

import ast
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kmigrate.match.found import Found, Kind
from kmigrate.match.layers import held_layer, unknown_layer
from kmigrate.match.spoken import ALONE, model_called
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import Binding, ModuleScope, Scope
from kmigrate.resolve.values import OTHER, UNKNOWN, Instance, KerasName, Values, only

if TYPE_CHECKING:
    from kmigrate.resolve.second_opinion import SecondOpinion


TENSOR_ONLY = frozenset({"_keras_shape"})
"""Attributes that only tensors of Keras have, so that the object speaks for itself."""

_ASKING = frozenset({"getattr", "hasattr", "setattr"})
"""Builtins that get the name of an attribute as a string."""

_CHANGING = frozenset({"pop", "append", "insert", "remove", "extend"})
"""Methods that change a list in place."""


@dataclass(slots=True)
class Guesses:
    """What is guessed in one module; each guess waits for `--unsafe` or ends as a review.

    hints: method -> (documented name, keywords that only Keras 1 has): they let a call on an unknown object speak for itself.
    names: attribute -> (class, of what else it is looked at: `any` object that nobody knows, a `layer` that a model or a
    wrapper holds, a list that is `changed` in place, or a class whose name is `compared`).
    """

    module: ModuleScope
    evaluator: Evaluator
    hints: Mapping[str, tuple[str, frozenset[str]]]
    names: Mapping[str, tuple[str, str]]
    opinion: SecondOpinion | None = None

    def method(self, node: ast.Attribute, scope: Scope, call: ast.Call) -> Iterator[Found]:
        """A method call on an object that the evaluator does not know: rope may, or its keywords tell."""
        if self.opinion is None:
            from kmigrate.resolve.second_opinion import SecondOpinion  # and with it rope

            self.opinion = SecondOpinion(self.evaluator.world, self.module)
        cls = self.opinion.keras_class(node.value, scope)
        member = self.evaluator.world.keras.member(cls, node.attr) if cls is not None else None
        if cls is not None and member is not None:
            yield Found("method", f"{member.owner}.{member.name}", node, scope, call, cls=cls, certain=False)
        elif self.speaks(node.attr, call):
            yield Found("method", self.hints[node.attr][0], node, scope, call, certain=False)
        elif (cls := self._of_models(node, call)) is not None:
            member = self.evaluator.world.keras.member(cls, node.attr)
            assert member is not None
            yield Found("method", f"{member.owner}.{member.name}", node, scope, call, cls=cls, certain=False)

    def may_be_a_model(self, node: ast.Attribute, call: ast.Call, values: Values) -> bool:
        """Whether the method may be that of a model: nobody knows the object, or it comes from a module that is not in sight."""
        known = values - UNKNOWN
        if known - OTHER:
            return False
        if node.attr in self.hints and (not known or known != values):
            return True
        return (not known or node.attr in ALONE) and self._of_models(node, call) is not None

    def speaks(self, attribute: str, call: ast.Call | None) -> bool:
        """Whether the call of a method has a keyword that only Keras 1 has."""
        if call is None or attribute not in self.hints:
            return False
        return any(keyword.arg in self.hints[attribute][1] for keyword in call.keywords)

    def attribute(self, node: ast.expr, name: str, owner: ast.expr, scope: Scope) -> Iterator[Found]:
        """An attribute of an object that nobody knows, where its name or the place of the object tells enough."""
        cls, kind = self.names[name]
        if not self._imports_keras() or self.counted(node):
            return
        if self._told(node, kind, name, owner, scope):
            stored = isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
            use: Kind = "assign" if stored else "attribute" if isinstance(node, ast.Attribute) else "string"
            yield Found(use, f"{cls}.{name}", node, scope, cls=cls, certain=False)

    def asked(self, calls: Iterable[tuple[ast.Call, Scope]], protocol: Container[str]) -> Iterator[Found]:
        """`hasattr(layer, 'W')`, `getattr(layer, 'W')`, the same of what only tensors of Keras have, and `setattr` of `protocol`:
        the methods that rules rename."""
        if _ASKING.isdisjoint(self.module.loads):
            return
        for call, scope in calls:
            match call:
                case ast.Call(func=ast.Name(id="setattr" | "hasattr"), args=[owner, ast.Constant(value=str() as name), *_]) if (
                    name in protocol and (cls := self._class_of(owner, scope)) is not None
                ):
                    yield Found("string", f"{cls}.{name}", call.args[1], scope, cls=cls)
                case ast.Call(func=ast.Name(id="getattr" | "hasattr"), args=[owner, ast.Constant(value=str() as name), *_]) if (
                    name in self.names and unknown_layer(self.evaluator.values(owner, scope))
                ):
                    yield from self.attribute(call.args[1], name, owner, scope)
                case ast.Call(func=ast.Name(id="getattr" | "hasattr"), args=[_, ast.Constant(value=str() as name), *_]) if (
                    name in TENSOR_ONLY and self._imports_keras()
                ):
                    yield Found("string", f"keras_tensor.{name}", call.args[1], scope, cls="keras_tensor")

    def _class_of(self, node: ast.expr, scope: Scope) -> str | None:
        """The class of Keras that an expression is an object of, or names."""
        match only(self.evaluator.values(node, scope)):
            case Instance(cls=cls):
                return cls
            case KerasName(path=path):
                return path
            case _:
                return None

    def counted(self, node: ast.expr) -> bool:
        """Whether it is an argument of `fit_generator` and the like: its samples become steps there, this attribute included."""
        parent = self.module.parents.get(node)
        call = self.module.parents.get(parent) if isinstance(parent, ast.keyword) else parent
        return isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr.endswith("_generator")

    def _of_models(self, node: ast.Attribute, call: ast.Call) -> str | None:
        """The Keras model of which a call names a method, in a file that imports Keras."""
        cls = model_called(node.attr, call)
        return cls if cls is not None and self._imports_keras() else None

    def _told(self, node: ast.expr, kind: str, name: str, owner: ast.expr, scope: Scope) -> bool:
        """Whether an attribute of an object that nobody knows is worth a guess."""
        match kind:
            case "changed":
                return self._changed(node)
            case "compared":
                named = self.module.parents.get(node)
                if not isinstance(named, ast.Attribute) or named.attr != "__name__":
                    return False
                return isinstance(self.module.parents.get(named), ast.Compare)
            case "any" if not self._stored(name):
                return True
            case _:
                return held_layer(self.evaluator, owner, scope)

    def _changed(self, node: ast.expr) -> bool:
        """Whether the attribute is a list that is changed where it stands: `model.layers.pop()`."""
        method = self.module.parents.get(node)
        if not isinstance(method, ast.Attribute) or method.attr not in _CHANGING or not isinstance(node, ast.Attribute):
            return False
        call = self.module.parents.get(method)
        return isinstance(call, ast.Call) and call.func is method and not self._stored(node.attr)

    def _stored(self, name: str) -> bool:
        """Whether some class of this module sets an attribute of this name, so that the object can be one of those."""
        stores = self.evaluator.classes.stores(self.module)
        return any(name in stores.get(node, {}) or name in scope.bindings for node, _, scope in self.module.classes)

    def _imports_keras(self) -> bool:
        return any(_of_keras(binding) for binding in self.module.imports)


def _of_keras(binding: Binding) -> bool:
    statement = binding.statement
    if isinstance(statement, ast.ImportFrom):
        return statement.level == 0 and (statement.module or "").partition(".")[0] == "keras"
    return isinstance(binding.node, ast.alias) and binding.node.name.partition(".")[0] == "keras"
