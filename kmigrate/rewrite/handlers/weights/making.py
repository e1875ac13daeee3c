"""Does a statement make a weight, and what would add_weight have to be told to make the same?"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from kmigrate.match.called import GOT
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import OTHER, KerasMember, KerasName, Value, only

_FUNCTIONS = {
    **{f"keras.initializations.{name}": name for name in
       ("glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_uniform", "uniform", "normal", "identity")},
    "keras.initializations.zero": "zeros",
    "keras.initializations.one": "ones",
    "keras.backend.zeros": "zeros",
    "keras.backend.ones": "ones",
}  # fmt: skip
"""Functions of Keras 1 that make a variable of a shape, and the initializer that gives the same values."""


@dataclass(frozen=True, slots=True)
class Making:
    """`self.<attribute> = <call>`: a weight of the shape `shape`.

    initializer: text of what fills it; None where the call is add_weight already.
    shape, name: the arguments; `name` is None where the call gives none.
    inner: for `K.variable(np.zeros(shape))` and `K.variable(self.init(shape))`, the call inside, which goes.
    """

    attribute: str
    statement: ast.Assign
    call: ast.Call
    initializer: str | None
    shape: ast.expr
    name: ast.expr | None = None
    inner: ast.Call | None = None


def making(statement: ast.stmt, owner: str, scope: Scope, evaluator: Evaluator) -> Making | None:
    """The weight that a statement makes and stores on `owner` (`self`); None if it does nothing of the kind."""
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1 or not isinstance(statement.value, ast.Call):
        return None
    attribute = attribute_of(statement.targets[0], owner)
    call = statement.value
    if attribute is None or any(isinstance(argument, ast.Starred) for argument in call.args):
        return None
    value = only(evaluator.values(call.func, scope))
    if isinstance(value, KerasMember) and value.name == "add_weight":
        shape = _given(call, "shape") or _first(call)
        return Making(attribute, statement, call, None, shape, _given(call, "name")) if shape is not None else None
    return _by_function(statement, attribute, call, value, scope, evaluator)


def attribute_of(node: ast.AST, owner: str) -> str | None:
    """The name of an attribute of `owner`; None for anything else."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == owner:
        return node.attr
    return None


def _by_function(
    statement: ast.Assign, attribute: str, call: ast.Call, value: Value | None, scope: Scope, evaluator: Evaluator
) -> Making | None:
    if len(call.args) != 1 or any(keyword.arg != "name" for keyword in call.keywords):
        return None
    name = _given(call, "name")
    if value == GOT and isinstance(call.func, ast.Attribute):
        return Making(attribute, statement, call, ast.unparse(call.func), call.args[0], name)
    if not isinstance(value, KerasName):
        return None
    if value.path == "keras.backend.variable":
        inner = call.args[0]
        filler = _numpy(inner, scope, evaluator) or _initializer(inner, scope, evaluator)
        if filler is None or not isinstance(inner, ast.Call):
            return None
        return Making(attribute, statement, call, filler, inner.args[0], name, inner)
    initializer = _FUNCTIONS.get(value.path)
    return Making(attribute, statement, call, repr(initializer), call.args[0], name) if initializer else None


def _numpy(node: ast.expr, scope: Scope, evaluator: Evaluator) -> str | None:
    """Text of the initializer that does what `np.zeros(shape)` or `np.ones(shape)` does."""
    if not isinstance(node, ast.Call) or len(node.args) != 1 or node.keywords:
        return None
    func = node.func
    if not isinstance(func, ast.Attribute) or func.attr not in ("zeros", "ones") or not isinstance(func.value, ast.Name):
        return None
    if func.value.id not in ("np", "numpy") or evaluator.values(func.value, scope) != OTHER:
        return None
    return repr(func.attr)


def _initializer(node: ast.expr, scope: Scope, evaluator: Evaluator) -> str | None:
    """The initializer in `K.variable(self.init(shape))`."""
    if not isinstance(node, ast.Call) or len(node.args) != 1 or node.keywords or not isinstance(node.func, ast.Attribute):
        return None
    return ast.unparse(node.func) if only(evaluator.values(node.func, scope)) == GOT else None


def _first(call: ast.Call) -> ast.expr | None:
    """The shape by its position in Keras 1; the first argument of Keras 2 is a name."""
    first = call.args[0] if call.args else None
    return None if isinstance(first, ast.Constant) and isinstance(first.value, str) else first


def _given(call: ast.Call, name: str) -> ast.expr | None:
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)
