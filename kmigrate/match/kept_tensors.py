"""Where does code of the graph use a tensor that `call` keeps on its layer (`K.function([x], [layer.attention])`)?"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator

from kmigrate.match.found import Found
from kmigrate.match.layers import held_layer, unknown_layer
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.roles import Roles
from kmigrate.resolve.scopes import ModuleScope, Scope
from kmigrate.resolve.values import RawTensor, Tensor, UserClass, UserObject

KEPT = "kept"
"""What rules call such uses; their keys are the methods that keep a tensor."""

_LAYER, _MODEL = "keras.layers.Layer", "keras.models.Model"
_GRAPH = frozenset({"graph", "k_function"})


def kept_tensors(module: ModuleScope, evaluator: Evaluator) -> Iterator[Found]:
    """Those of the classes that this module defines, or imports by name."""
    roles: Roles | None = None
    for name, owners in _kept(module, evaluator).items():
        for node, scope in module.attributes.get(name, ()):
            if not isinstance(node.ctx, ast.Load) or not _is_of(node, scope, owners, evaluator):
                continue
            roles = roles or Roles(module, evaluator)
            if roles.role(scope) in _GRAPH and not _in_loss(scope):
                yield Found("string", "call", node, module.top, spelled=KEPT)


def _kept(module: ModuleScope, evaluator: Evaluator) -> dict[str, set[UserClass]]:
    """The attributes that nothing but `call` sets, to a tensor, with the classes of layers that have them."""
    found: dict[str, set[UserClass]] = defaultdict(set)
    for cls in _classes(module, evaluator):
        stores = evaluator.classes.stores(cls.module).get(cls.node, {})
        names = [name for name, places in stores.items() if name in module.attributes and all(map(_is_in_call, places))]
        if names and evaluator.classes.inherits(cls, _LAYER) and not evaluator.classes.inherits(cls, _MODEL):
            for name in names:
                if any(_is_tensor(store, scope, evaluator) for store, scope in stores[name]):
                    found[name].add(cls)
    return found


def _classes(module: ModuleScope, evaluator: Evaluator) -> Iterator[UserClass]:
    for node, _, _ in module.classes:
        yield UserClass(node, module)
    for binding in module.imports:
        if binding.kind == "from":
            yield from (value for value in evaluator.binding(binding) if isinstance(value, UserClass))


def _is_in_call(place: tuple[ast.Attribute, Scope]) -> bool:
    store, scope = place
    parent = scope.module.parents.get(store)
    if isinstance(parent, ast.Assign) and isinstance(parent.value, ast.Constant) and parent.value.value is None:
        return True
    function = scope.function
    return function is not None and getattr(function.node, "name", "") == "call"


def _is_tensor(store: ast.Attribute, scope: Scope, evaluator: Evaluator) -> bool:
    parent = scope.module.parents.get(store)
    if not isinstance(parent, ast.Assign):
        return False
    return any(isinstance(value, RawTensor | Tensor) for value in evaluator.values(parent.value, scope))


def _in_loss(scope: Scope) -> bool:
    """Whether code stands in a loss that another module gives to a model, as its parameters tell."""
    return any(inner.kind in ("function", "lambda") and "y_true" in inner.bindings for inner in scope.chain())


def _is_of(node: ast.Attribute, scope: Scope, owners: set[UserClass], evaluator: Evaluator) -> bool:
    """Whether the object is of one of these classes, or a layer of a model that may be."""
    values = evaluator.values(node.value, scope)
    if any(isinstance(value, UserObject) and value.cls in owners for value in values):
        return True
    return unknown_layer(values) and held_layer(evaluator, node.value, scope)
