"""Whether a program works with the channels first: `K.set_image_dim_ordering('th')` somewhere in the module."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from kmigrate.match.conditions import MISSING, Conditions
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import KerasName
from kmigrate.rewrite.handlers import Context

_SETTER = "set_image_dim_ordering"
_PATH = f"keras.backend.{_SETTER}"


def orderings(context: Context) -> Iterator[str | None]:
    """The orderings that calls of the module set globally; None for one that is not a literal."""
    for call, scope in _calls(context):
        values = context.evaluator.values(call.func, scope)
        if not any(isinstance(value, KerasName) and value.path == _PATH for value in values):
            continue
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        value = Conditions(context.evaluator, scope).literal(given[0]) if given else MISSING
        yield value if isinstance(value, str) else None


def sets_channels_first(context: Context) -> bool:
    """Whether the module sets the ordering to 'th'."""
    return "th" in set(orderings(context))


def _calls(context: Context) -> Iterator[tuple[ast.Call, Scope]]:
    """The calls whose callee is spelled like the setter, or by a name that the module gives it."""
    scopes = context.scopes
    given = (
        binding.name
        for bindings in scopes.top.bindings.values()
        for binding in bindings
        if _spells(binding.value or binding.node)
    )
    for name in dict.fromkeys((_SETTER, *given)):
        yield from context.evaluator.callers(scopes, name)


def _spells(node: ast.AST) -> bool:
    match node:
        case ast.alias(name=name) | ast.Name(id=name) | ast.Attribute(attr=name):
            return name == _SETTER
        case _:
            return False
