"""Whether a program works with the channels first: `K.set_image_dim_ordering('th')` in the module, or code for both orderings."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from kmigrate.match.conditions import Conditions
from kmigrate.match.literals import MISSING
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import KerasName
from kmigrate.rewrite.handlers import Context

_SETTER, _GETTER = "set_image_dim_ordering", "image_dim_ordering"


def orderings(context: Context) -> Iterator[str | None]:
    """The orderings that calls of the module set globally; None for one that is not a literal."""
    for call, scope in _calls(context, _SETTER):
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        value = Conditions(context.evaluator, scope).literal(given[0]) if given else MISSING
        yield value if isinstance(value, str) else None


def sets_channels_first(context: Context) -> bool:
    """Whether the module sets the ordering to 'th'."""
    return "th" in set(orderings(context))


def serves_both(context: Context) -> bool:
    """Whether the module asks for the ordering and does something else for the channels first."""
    parents = context.scopes.parents
    for call, _ in _calls(context, _GETTER):
        compared = parents.get(call)
        if isinstance(compared, ast.Compare) and isinstance(parents.get(compared), ast.If | ast.IfExp | ast.BoolOp):
            return True
    return False


def _calls(context: Context, wanted: str) -> Iterator[tuple[ast.Call, Scope]]:
    """The calls of this function of the backend, by its own name or one that the module gives it."""
    scopes = context.scopes
    given = (
        binding.name
        for bindings in scopes.top.bindings.values()
        for binding in bindings
        if _spells(binding.value or binding.node, wanted)
    )
    for name in dict.fromkeys((wanted, *given)):
        for call, scope in context.evaluator.callers(scopes, name):
            values = context.evaluator.values(call.func, scope)
            if any(isinstance(value, KerasName) and value.path == f"keras.backend.{wanted}" for value in values):
                yield call, scope


def _spells(node: ast.AST, wanted: str) -> bool:
    match node:
        case ast.alias(name=name) | ast.Name(id=name) | ast.Attribute(attr=name):
            return name == wanted
        case _:
            return False
