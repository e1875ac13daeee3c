"""What do rules ask of a call and its arguments, in words?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kmigrate.ruleset.schema import Condition, ReviewCase

_SHAPES = {
    "none": "`None`", "keras_tensor": "a Keras tensor", "graph_tensor": "a tensor of the graph",
    "bool": "True or False", "starred": "starred",
}  # fmt: skip


def when(case: ReviewCase) -> str:
    """When a call is left to a person."""
    parts = [all_of(case.when)] if case.when else []
    if case.when_given:
        parts.append(f"{listed(case.when_given)} is given")
    return "Where " + ", or ".join(parts)


def all_of(conditions: Mapping[str, Condition]) -> str:
    """What all the arguments are that conditions are about, by their names."""
    return " and ".join(f"{code(name)} is {words_of(condition)}" for name, condition in conditions.items())


def words_of(condition: Condition) -> str:
    """What an argument is that fits: read after `is`."""
    parts = []
    if condition.given is not None:
        parts.append("given" if condition.given else "not given")
    if condition.first is not None:
        parts.append(f"a list whose first item is {words_of(condition.first)}")
    if condition.axes is not None:
        parts.append(f"a tensor of {_numbers(condition.axes)} axes")
    if condition.size is not None:
        parts.append(f"a list or tuple of {_numbers(condition.size)} items")
    if condition.above is not None:
        parts.append(f"greater than {condition.above:g}")
    if condition.below is not None:
        parts.append(f"less than {condition.below:g}")
    if condition.some is not None:
        parts.append(f"a list of which an item is {words_of(condition.some)}")
    if condition.unmasked is not None:
        parts.append("without a mask" if condition.unmasked else "perhaps with a mask")
    if condition.can_be is not None:
        parts.append("perhaps one of " + ", ".join(literal(value) for value in condition.can_be))
    if condition.has_equals:
        values = condition.equals if isinstance(condition.equals, list) else [condition.equals]
        parts.append(
            f"[{', '.join(map(literal, values))}]" if isinstance(condition.equals, list) else literal(values[0])
        )
    if condition.one_of is not None:
        parts.append("one of " + ", ".join(literal(value) for value in condition.one_of))
    if condition.is_ is not None:
        parts.append(" or ".join(_SHAPES.get(shape, f"a {shape.replace('_', ' ')}") for shape in condition.is_))
    if condition.all_ is not None:
        parts.append(f"a list of {condition.all_.replace('_', ' ')} items")
    if condition.names is not None:
        parts.append(listed(condition.names))
    if condition.result is not None:
        parts.append(f"what {code(condition.result + '()')} gives")
    if condition.pattern is not None:
        parts.append(f"a string like {code(condition.pattern)}")
    if condition.not_ is not None:
        parts.append(f"not {words_of(condition.not_)}")
    return " and ".join(parts)


def listed(names: Iterable[str]) -> str:
    """Names as code, the last behind `or`."""
    words = [code(name) for name in names]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1]


def literal(value: Any) -> str:
    """A literal as code."""
    return code(repr(value))


def code(text: str) -> str:
    """A piece of code in a line of Markdown."""
    return f"``{text}``" if "`" in text else f"`{text}`"


def _numbers(wanted: int | tuple[int, ...]) -> str:
    return " or ".join(map(str, (wanted,) if isinstance(wanted, int) else wanted))
