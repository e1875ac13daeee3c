"""What do operators, subscripts, loops and unpacking make of values?"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from kmigrate.resolve.values import (
    NOTHING,
    OTHER,
    UNKNOWN,
    Literal,
    Other,
    RawTensor,
    Sequence,
    Table,
    Tensor,
    Values,
    of_graph,
)


def arithmetic(left: Values, right: Values) -> Values:
    """What an operator makes of two values: a tensor of tensors, a list of lists; nothing yet of one that is under way."""
    if left is OTHER and right is OTHER:
        return OTHER
    if not left or not right:
        return NOTHING
    both = left | right
    if any(of_graph(value) for value in both):
        return frozenset({RawTensor(True)})
    if any(isinstance(value, RawTensor) for value in both):
        return frozenset({RawTensor(False)})
    if any(isinstance(value, Sequence) for value in both):
        held = items(left) | items(right)
        return frozenset({Sequence((held,), homogeneous=True)})
    return OTHER if both.isdisjoint(UNKNOWN) else UNKNOWN


def subscript(base: Values, index: ast.expr) -> Values:
    """What `base[index]` can be."""
    if base is OTHER or base is UNKNOWN:
        return base
    found = NOTHING
    for value in base:
        match value:
            case Sequence(items=held, homogeneous=False) if isinstance(index, ast.Constant) and isinstance(
                index.value, int
            ):
                found |= held[index.value] if -len(held) <= index.value < len(held) else UNKNOWN
            case Table(items=held):
                key = index.value if isinstance(index, ast.Constant) else None
                exact = any(name == key for name, _ in held) if key is not None else False
                for item in [value for name, value in held if not exact or name is None or name == key]:
                    found |= item
                if not held:
                    found |= UNKNOWN
            case Sequence():
                found |= frozenset({value}) if isinstance(index, ast.Slice) else items(frozenset({value}))
            case Tensor():
                found |= frozenset({RawTensor(True)})
            case RawTensor():
                found |= frozenset({value})
            case Other() | Literal():
                found = found | OTHER if found else OTHER
            case _:
                found = found | UNKNOWN if found else UNKNOWN
    return found


def items(values: Values) -> Values:
    """What a loop over the values gives."""
    if values is OTHER or values is UNKNOWN:
        return values
    found = NOTHING
    for value in values:
        match value:
            case Sequence(items=held):
                found |= frozenset().union(*held) if held else NOTHING
            case Other() | Literal():
                found = found | OTHER if found else OTHER
            case _:
                found = found | UNKNOWN if found else UNKNOWN
    return found


def picked(values: Values, path: tuple[int, ...]) -> Values:
    """What a target of an unpacking gets, at its path of indices."""
    for index in path:
        values = subscript(values, ast.Constant(index))
    return values


def union(parts: Iterable[Values]) -> Values:
    """Everything that one of the parts can be."""
    found = NOTHING
    for part in parts:
        found = found | part if found else part
    return found
