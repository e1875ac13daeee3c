"""What is a `functools.partial`, and what does such an object call with how many arguments?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from kmigrate.resolve.library import is_function
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import Partial, Value

if TYPE_CHECKING:
    from kmigrate.resolve.evaluate import Evaluator


def is_partial(evaluator: Evaluator, func: ast.expr, scope: Scope) -> bool:
    """Whether `func` is `functools.partial`, under any alias."""
    return is_function(evaluator, func, scope, "functools", "partial")


def called(value: Value | None) -> Value | None:
    """What a partial object calls; another value itself."""
    while isinstance(value, Partial):
        value = value.function
    return value


def filled(value: Value) -> int:
    """How many arguments a partial object gives by position; none for another value."""
    count = 0
    while isinstance(value, Partial):
        count += len(value.call.args) - 1
        value = value.function
    return count
