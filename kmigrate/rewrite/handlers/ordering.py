"""Whether a program works with the channels first: `K.set_image_dim_ordering('th')` somewhere in the module."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from kmigrate.match.conditions import MISSING, Conditions
from kmigrate.resolve.values import KerasName
from kmigrate.rewrite.handlers import Context

_SETTERS = ("keras.backend.set_image_dim_ordering",)


def orderings(context: Context) -> Iterator[str | None]:
    """The orderings that calls of the module set globally; None for one that is not a literal."""
    for call, scope in context.scopes.calls:
        spelled = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if not spelled.endswith("set_image_dim_ordering") and isinstance(call.func, ast.Attribute):
            continue
        values = context.evaluator.values(call.func, scope)
        if not any(isinstance(value, KerasName) and value.path in _SETTERS for value in values):
            continue
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        value = Conditions(context.evaluator, scope).literal(given[0]) if given else MISSING
        yield value if isinstance(value, str) else None


def sets_channels_first(context: Context) -> bool:
    """Whether the module sets the ordering to 'th'."""
    return "th" in set(orderings(context))
