"""Which attributes that a class of the user's sets on its objects do the methods of Keras read that it inherits?"""

from __future__ import annotations

import ast

from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import UserClass

_LAYER, _CONTAINER = "keras.layers.Layer", "keras.engine.topology.Container"
_WORKING = ("call", "step")
"""The methods that compute; a layer of one's own has one of them and its own `build`."""
_COMPUTING = frozenset({"dropout", "inner_activation", "p", "sigma"})
"""What no other methods of Keras 1 read."""


def read_by_keras(evaluator: Evaluator, cls: UserClass, store: ast.Attribute, scope: Scope) -> str | None:
    """The class of Keras whose inherited methods read the attribute that is set here; None where none does.

    What `__init__` sets before it calls that of Keras, or hands to it as well, is what Keras sets anyway.
    """
    classes = evaluator.classes
    bases = classes.keras_bases(cls)
    if not bases or bases[0] == _LAYER or not classes.is_a(bases[0], _LAYER) or classes.is_a(bases[0], _CONTAINER):
        return None
    computes = any(classes.overridden(cls, name) for name in _WORKING)
    if computes and (store.attr in _COMPUTING or classes.overridden(cls, "build")):
        return None
    if evaluator.world.keras.member(bases[0], store.attr) is None or _is_set_by_keras(store, scope):
        return None
    return bases[0]


def _is_set_by_keras(store: ast.Attribute, scope: Scope) -> bool:
    """Whether an `__init__` sets what the one of its base sets later, or is given under the same name."""
    if scope.kind != "function" or getattr(scope.node, "name", "") != "__init__":
        return False
    statement = scope.module.statement(store)
    given = statement.value.id if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Name) else None
    for node in ast.walk(scope.node):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "__init__":
            handed = [*node.args, *(keyword.value for keyword in node.keywords)]
            if node.lineno > store.lineno or given in [item.id for item in handed if isinstance(item, ast.Name)]:
                return True
    return False
