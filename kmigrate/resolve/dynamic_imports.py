"""Which module of Keras does a call import whose name stands in a string (`importlib.import_module('keras.layers')`)?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from kmigrate.keras.signatures import of_keras
from kmigrate.resolve.library import is_function
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import UNKNOWN, Values

if TYPE_CHECKING:
    from kmigrate.resolve.evaluate import Evaluator


def text_imported(evaluator: Evaluator, call: ast.Call, scope: Scope) -> ast.Constant | None:
    """The string that names a module of Keras in a call of `import_module` or `__import__`; None in other calls."""
    name = _of_keras(call)
    return name if name is not None and _imports(evaluator, call, scope) else None


def begun(evaluator: Evaluator, call: ast.Call, scope: Scope) -> ast.Constant | None:
    """The string with which the name of a module of Keras begins that is put together: `import_module('keras.' + name)`."""
    if not call.args or not _imports(evaluator, call, scope):
        return None
    first: ast.expr = call.args[0]
    if isinstance(first, ast.Constant):
        first = call.args[1] if len(call.args) > 1 and isinstance(call.func, ast.Attribute | ast.Name) else first
    while not isinstance(first, ast.Constant):
        match first:
            case ast.BinOp(left=inner) | ast.JoinedStr(values=[inner, *_]) | ast.Call(func=ast.Attribute(value=inner)):
                first = inner
            case _:
                return None
    return first if isinstance(first.value, str) and of_keras(first.value.rstrip(".")) else None


def _imports(evaluator: Evaluator, call: ast.Call, scope: Scope) -> bool:
    if isinstance(call.func, ast.Name) and call.func.id == "__import__":
        return True
    return is_function(evaluator, call.func, scope, "importlib", "import_module")


def module_of_text(evaluator: Evaluator, call: ast.Call) -> Values:
    """The module that such a call gives."""
    name = _of_keras(call)
    return evaluator.world.keras_values(str(name.value)) if name is not None else UNKNOWN


def top_of_text(evaluator: Evaluator, call: ast.Call) -> Values:
    """What `__import__('keras.layers')` gives: the package."""
    return evaluator.world.keras_values("keras") if _of_keras(call) is not None else UNKNOWN


def _of_keras(call: ast.Call) -> ast.Constant | None:
    name = call.args[0] if call.args else None
    known = isinstance(name, ast.Constant) and isinstance(name.value, str) and of_keras(name.value)
    return name if known and isinstance(name, ast.Constant) else None
