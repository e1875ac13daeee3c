"""Which function visits a node, by its class."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from kmigrate.resolve.scopes import Scope

if TYPE_CHECKING:
    from kmigrate.resolve.walk.walk import Walk

Visit: TypeAlias = "Callable[[Walk, Any, Scope], None]"
Visits: TypeAlias = Mapping[type[ast.AST], Visit]
"""Visitors by the class of nodes."""

NAME, CONSTANT, ATTRIBUTE = ast.Name, ast.Constant, ast.Attribute
"""The frequent classes, found without a look into their module."""


def generic(walk: Walk, node: ast.AST, scope: Scope) -> None:
    """Visit all that a node of a class that binds, loads and holds nothing of its own consists of."""
    parents = walk.parents
    if isinstance(node, ast.stmt):
        walk.statement = node
    for name in _FIELDS[type(node)]:
        value = getattr(node, name, None)
        for item in value if type(value) is list else (value,):
            if isinstance(item, ast.AST):
                parents[item] = node
                DISPATCH[type(item)](walk, item, scope)


class _Fields(dict[type[ast.AST], tuple[str, ...]]):
    """The fields of a class of nodes that hold what may be a use: contexts, operators and plain values are none."""

    def __missing__(self, cls: type[ast.AST]) -> tuple[str, ...]:
        plain = {"ctx", "op", "ops", "attr", "arg", "type_comment", "kind", "type_ignores", "is_async", "simple", "level"}
        fields = tuple(name for name in cls._fields if name not in plain)
        self[cls] = fields
        return fields


_FIELDS = _Fields()


class _Dispatch(dict[type[ast.AST], Visit]):
    """The visitor for a class of nodes; the generic one where there is none."""

    def __missing__(self, cls: type[ast.AST]) -> Visit:
        self[cls] = generic
        return generic


DISPATCH = _Dispatch()
"""Filled by `kmigrate.resolve.walk.analyse`."""
