"""When are literals equal, and what does an expression hold that is written out?"""

from __future__ import annotations

import ast
from functools import cache

MISSING = object()
"""What stands for the literal of an expression that is none."""


@cache
def parsed(default: str) -> ast.expr:
    """The expression of a default, from its text in the tables."""
    return ast.parse(default, mode="eval").body


def items(value: ast.expr) -> list[ast.expr]:
    """The items of a list, tuple or dict literal (its values), lists in it opened; another value is its own item."""
    if isinstance(value, ast.List | ast.Tuple):
        return [inner for item in value.elts for inner in items(item)]
    if isinstance(value, ast.Dict):
        return [inner for item in value.values for inner in items(item)]
    return [value]


def is_literal(value: ast.expr, literal: bool | None) -> bool:
    """Whether an expression is this word: `None`, `True` or `False`."""
    return isinstance(value, ast.Constant) and value.value is literal


def same(found: object, wanted: object) -> bool:
    """Equality of literals: type matters between bool and number, not between tuple and list, int and float."""
    if isinstance(found, str) or found is MISSING:
        return type(found) is type(wanted) and found == wanted
    if isinstance(found, list | tuple) and isinstance(wanted, list | tuple):
        return len(found) == len(wanted) and all(same(a, b) for a, b in zip(found, wanted, strict=True))
    if isinstance(found, bool) or isinstance(wanted, bool):
        return found is wanted
    if isinstance(found, int | float) and isinstance(wanted, int | float):
        return found == wanted
    return type(found) is type(wanted) and found == wanted
