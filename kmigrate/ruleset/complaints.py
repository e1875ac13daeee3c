"""What is wrong with a rule file? Pydantic's errors with lines, allowed values and near matches."""

from __future__ import annotations

import typing
from collections.abc import Iterable, Iterator
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from kmigrate.ruleset.document import Document, Location, Problem
from kmigrate.ruleset.near import nearest

_WRONG_TYPE = {
    "string_type": "a text",
    "int_type": "a number",
    "int_from_float": "a number",
    "int_parsing": "a number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "none_required": "null",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}
_PATTERNS = {
    "id": "two to eight capitals and three digits, such as KM112",
    "name": "lower-case words joined by hyphens, such as merge-concatenate",
    "since": 'a whole version in quotes, such as "2.0.0"',
}


def complaints(document: Document, error: ValidationError, model: type[BaseModel]) -> Iterator[Problem]:
    """Each thing that is wrong, once, at its line."""
    groups: dict[Location, list[ErrorDetails]] = {}
    for detail in error.errors(include_url=False, include_context=True):
        groups.setdefault(document.spelled(detail["loc"]), []).append(detail)
    for place, details in groups.items():
        wrong_type = [detail for detail in details if detail["type"] in _WRONG_TYPE]
        others = [detail for detail in details if detail["type"] not in _WRONG_TYPE]
        if wrong_type and not others and not _is_answered_below(document, place, groups):
            yield Problem(document.line(place), _wrong_type(document, place, wrong_type))
        for detail in others:
            if detail["type"] == "too_short" and _is_answered_below(document, place, groups):
                continue  # items that are wrong themselves are not counted
            yield Problem(document.line(place), _message(document, place, detail, model))


def _is_answered_below(document: Document, place: Location, groups: Iterable[Location]) -> bool:
    """Whether the errors of what a mapping or a list holds say it all: a value may be a scalar or a mapping."""
    below = any(len(other) > len(place) and other[: len(place)] == place for other in groups)
    return below and isinstance(document.value(place), dict | list)


def _wrong_type(document: Document, place: Location, details: list[ErrorDetails]) -> str:
    value = document.value(place)
    allowed = list(dict.fromkeys(_WRONG_TYPE[detail["type"]] for detail in details))
    name = _name(place)
    if place[-1:] == ("since",) and isinstance(value, int | float):
        return f'`since: {value}` is a number to YAML; quote it: `since: "{_version(value)}"`'
    if "a text" in allowed and isinstance(value, int | float) and not isinstance(value, bool):
        return f'{name} must be a text, but YAML reads {value!r} as a number; quote it: "{value}"'
    return f"{name} must be {_either(allowed)}, not {_kind(value)}"


def _version(value: float) -> str:
    return str(value) + (".0" if isinstance(value, float) else ".0.0")


def _kind(value: Any) -> str:
    match value:
        case None:
            return "empty"
        case bool():
            return "true" if value else "false"
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case str():
            return f'"{value}"' if len(value) < 40 else "a text"
        case _:
            return repr(value)


def _message(document: Document, place: Location, detail: ErrorDetails, model: type[BaseModel]) -> str:
    name = _name(place)
    context = detail.get("ctx", {})
    last = str(detail["loc"][-1]) if detail["loc"] else ""
    match detail["type"]:
        case "extra_forbidden":
            known = [key for found in _models_at(model, detail["loc"][:-1]) for key in _keys(found)]
            near = nearest(last, known)
            return f"unknown key `{last}`{_of(place[:-1])}{near or '; known are ' + ', '.join(known)}"
        case "missing":
            return f"`{last}` is missing{_of(place)}"
        case "literal_error":
            words = [word for found in _types_at(model, detail["loc"]) for word in _words(found)]
            near = nearest(str(detail["input"]), words)
            return f"{name} cannot be {detail['input']!r}{near}; allowed are {', '.join(words)}"
        case "string_pattern_mismatch":
            field = str(place[-1]) if place else ""
            return f"`{field}: {detail['input']}` is not {_PATTERNS.get(field, context.get('pattern'))}"
        case "string_too_short" | "string_too_long":
            least = context.get("min_length")
            bound = f"at most {context['max_length']}" if least is None else f"at least {least}"
            return f"{name} has {len(detail['input'])} characters; {bound} are wanted"
        case "too_short":
            return f"{name} has {context['actual_length']} items; at least {context['min_length']} are wanted"
        case "value_error":
            return f"{name}: {context['error']}"
        case _:
            return f"{name}: {detail['msg']}"


def _name(place: Location) -> str:
    if not place:
        return "a rule"
    text = ""
    for part in place:
        text += f"[{part + 1}]" if isinstance(part, int) and not isinstance(part, bool) and text else f".{part}"
    return f"`{text.removeprefix('.')}`"


def _of(place: Location) -> str:
    return f" in {_name(place)}" if place else ""


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1]


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _words(annotation: Any) -> list[str]:
    return [str(word) for word in get_args(annotation)] if get_origin(annotation) is Literal else []


def _models_at(model: type[BaseModel], location: Location) -> list[type[BaseModel]]:
    return [found for found in _types_at(model, location) if isinstance(found, type) and issubclass(found, BaseModel)]


def _types_at(model: type[BaseModel], location: Location) -> list[Any]:
    """The types that the model allows at a `loc` of pydantic (which names the branches of unions too)."""
    found: list[Any] = [model]
    for part in location:
        found = [below for annotation in found for below in _below(annotation, part)] or found
    return found


def _below(annotation: Any, part: Any) -> Iterator[Any]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            if part == (field.alias or name):
                hints = typing.get_type_hints(annotation)
                yield from _branches(hints[name])
        if part == annotation.__name__:
            yield annotation
    elif get_origin(annotation) is dict:
        yield from _branches(get_args(annotation)[1])
    elif get_origin(annotation) in (list, tuple) and isinstance(part, int):
        yield from _branches(get_args(annotation)[0])


def _branches(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) in (Union, UnionType):
        for branch in get_args(annotation):
            yield from _branches(branch)
    else:
        yield annotation
