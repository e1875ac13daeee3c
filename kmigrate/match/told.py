"""Which attributes does Keras set on an object of the user's class, whatever the class sets itself?"""

from __future__ import annotations

import ast

from kmigrate.resolve.classes import Classes
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import UserClass

_CALLBACK = "keras.callbacks.Callback"
_TELLERS = {"params": "_set_params"}
"""Attributes of a callback that a training sets before it calls the `on_...` methods, and the method that sets them."""


def told(classes: Classes, cls: UserClass, name: str, scope: Scope) -> bool:
    """Whether an attribute holds here what Keras told the callback, although its class sets it as well.

    That is so in the methods that Keras calls, and everywhere where the class only sets something empty.
    """
    teller = _TELLERS.get(name)
    if teller is None or not classes.inherits(cls, _CALLBACK) or classes.overridden(cls, teller):
        return False
    if any(inner.kind == "function" and _is_hook(inner.node) for inner in scope.chain()):
        return True
    return not classes.defines(cls, name) and all(
        _is_empty(store) for store in classes.stores(cls.module).get(cls.node, {}).get(name, ())
    )


def _is_hook(function: ast.AST) -> bool:
    return isinstance(function, ast.FunctionDef) and function.name.startswith("on_")


def _is_empty(store: tuple[ast.Attribute, Scope]) -> bool:
    attribute, scope = store
    match scope.module.parents.get(attribute):
        case ast.Assign(value=ast.Constant(value=None) | ast.Dict(keys=[])):
            return True
        case ast.Assign(value=ast.Call(func=ast.Name(id="dict"), args=[], keywords=[])):
            return True
        case _:
            return False
