"""How a value changes: mapped literals, in the user's own quotes, and expressions put around a value."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kmigrate.edits import Piece, Span
from kmigrate.match.conditions import Conditions
from kmigrate.match.literals import MISSING, items, same
from kmigrate.resolve.values import Instance, Result, UserObject
from kmigrate.rewrite.plan import Refusal
from kmigrate.rewrite.reached import renamed
from kmigrate.ruleset.schema import Argument, Expression, Scalar
from kmigrate.source.module import Module

_LOOSE = (ast.BinOp, ast.BoolOp, ast.UnaryOp, ast.Compare, ast.IfExp, ast.Lambda, ast.NamedExpr)
_QUOTED = re.compile(r"^([a-zA-Z]*)('''|\"\"\"|'|\")")
DIM_ORDERING = frozenset({Result("keras.backend.image_dim_ordering")})


@dataclass(slots=True)
class Conversion:
    """The replaced stretches of one value, and the names that the new text needs."""

    edits: list[tuple[Span, tuple[Piece, ...]]] = field(default_factory=list)
    imports: list[str] = field(default_factory=list)
    unsafe: bool = False


def convert(spec: Argument, value: ast.expr, whole: Span, module: Module, conditions: Conditions) -> Conversion | Refusal:
    """What becomes of `value`, whose text with parentheses is `whole`."""
    result = Conversion()
    if spec.items is not None:
        return _items(spec, value, module, conditions, result)
    if spec.values is None:
        if spec.wrap is not None and not _wrapped(value, module, spec.wrap):
            _put(result, whole, spec.wrap, whole, loose=isinstance(value, _LOOSE))
        return result
    refusal = _value(spec, value, whole, module, conditions, result)
    if refusal is not None and spec.other == "look_up" and _is_named(value) and not _of_keras(value, conditions):
        result.edits.append((whole, (f"{table_of(spec.values)}.get(", whole, ", ", whole, ")")))
        return result
    return refusal or result


def text_of(value: Scalar, like: str = "'") -> str:
    """Python text of a scalar; strings in the quotes of the text `like`."""
    if not isinstance(value, str):
        return repr(value)
    quoted = _QUOTED.match(like)
    quote = quoted.group(2) if quoted else "'"
    if "b" in (quoted.group(1).lower() if quoted else "") or quote in value or "\\" in value:
        return repr(value)
    return f"{quoted.group(1) if quoted and 'r' not in quoted.group(1).lower() else ''}{quote}{value}{quote}"


def table_of(words: Mapping[Any, Any]) -> str:
    """Python text of a dict of literals."""
    return f"{{{', '.join(f'{text_of(word)}: {text_of(other)}' for word, other in words.items())}}}"


def lookup(table: Mapping[Scalar, Scalar | Expression], value: object) -> tuple[bool, Scalar | Expression]:
    """Whether the table lists a literal, and what it becomes."""
    if isinstance(value, str):
        return (True, table[value]) if value in table else (False, None)
    for key, new in table.items():
        if same(value, key):
            return True, new
    return False, None


def _value(
    spec: Argument, value: ast.expr, whole: Span, module: Module, conditions: Conditions, result: Conversion
) -> Refusal | None:
    choices = _choices(value)
    if choices:
        return next(
            (refusal for item in choices if (refusal := _value(spec, item, module.span(item), module, conditions, result))), None
        )
    literal = conditions.literal(value)
    assert spec.values is not None
    listed, new = lookup(spec.values, literal)
    if listed:
        if isinstance(new, Expression):
            _put(result, whole, new, whole, loose=isinstance(value, _LOOSE))
        elif not same(literal, new):
            result.edits.append((module.span(value), (text_of(new, module.segment(value)),)))
        return None
    if spec.wrap is not None and not _wrapped(value, module, spec.wrap):
        _put(result, whole, spec.wrap, whole, loose=isinstance(value, _LOOSE))
        return None
    if literal is not MISSING or not _can_be_word(value):
        return None
    if conditions.evaluator.values(value, conditions.scope) == DIM_ORDERING:
        if renamed(value, conditions.scope, conditions.evaluator):
            return None
        words = _words(spec.values)
        if words is not None:
            result.edits.append((whole, (f"{table_of(words)}[", whole, "]")))
            return None
    if spec.other in ("review", "look_up"):
        if _is_looked_up(value, spec.values):
            return None
        return Refusal(
            f"the value `{module.segment(value)}` is not a literal; Keras 2 wants "
            + " or ".join(repr(n) if not isinstance(n, Expression) else f"`{n.expression}`" for n in _news(spec))
            + " in the place of "
            + " or ".join(repr(old) for old, n in spec.values.items() if old != n)
            + "."
        )
    if spec.other == "unsafe":
        result.unsafe = True
    return None


def _is_named(value: ast.expr) -> bool:
    """Whether a value is a name or an attribute of one, which may be written twice."""
    while isinstance(value, ast.Attribute):
        value = value.value
    return isinstance(value, ast.Name)


def _of_keras(value: ast.expr, conditions: Conditions) -> bool:
    """Whether a value may be an attribute that Keras itself sets on its object: in Keras 2 it has another name."""
    if not isinstance(value, ast.Attribute):
        return False
    evaluator, name = conditions.evaluator, value.attr
    for owner in evaluator.values(value.value, conditions.scope):
        classes: tuple[str, ...] = ()
        if isinstance(owner, Instance):
            classes = (owner.cls,)
        elif isinstance(owner, UserObject) and not evaluator.classes.overridden(owner.cls, name):
            classes = evaluator.classes.keras_bases(owner.cls)
        if any(evaluator.world.keras.member(cls, name) is not None for cls in classes):
            return True
    return False


def _is_looked_up(value: ast.expr, values: Mapping[Scalar, Scalar | Expression]) -> bool:
    """Whether a value comes out of a dict of these words, as an earlier run wrote it."""
    match value:
        case ast.Call(func=ast.Attribute(value=ast.Dict() as table, attr="get")):
            return ast.unparse(table) == table_of(values)
        case _:
            return False


def _choices(value: ast.expr) -> list[ast.expr]:
    """The expressions of which an expression gives one, if it does nothing else."""
    match value:
        case ast.IfExp(body=body, orelse=orelse):
            return [body, orelse]
        case ast.BoolOp(values=values) | ast.Subscript(value=ast.Dict(values=values)):
            return values
        case ast.Subscript(value=ast.List(elts=items) | ast.Tuple(elts=items), slice=index) if not isinstance(index, ast.Slice):
            return [] if any(isinstance(item, ast.Starred) for item in items) else items
        case _:
            return []


def _can_be_word(value: ast.expr) -> bool:
    """Whether an expression that is no literal may give a string."""
    match value:
        case ast.Name() | ast.Attribute() | ast.Subscript() | ast.Call() | ast.JoinedStr() | ast.NamedExpr():
            return True
        case ast.BinOp(left=left, op=ast.Add() | ast.Mod(), right=right):
            return any(isinstance(item, ast.Constant) and isinstance(item.value, str) for item in (left, right))
        case _:
            return False


def _words(values: Mapping[Scalar, Scalar | Expression]) -> dict[str, str] | None:
    """The words of Keras 2 for what `K.image_dim_ordering` can give in Keras 1; None if one of them has none."""
    words = {word: new for word in ("th", "tf") if isinstance(new := values.get(word), str)}
    return words if len(words) == 2 else None


def _news(spec: Argument) -> list[Scalar | Expression]:
    assert spec.values is not None
    return [new for old, new in spec.values.items() if old != new]


def _items(
    spec: Argument, value: ast.expr, module: Module, conditions: Conditions, result: Conversion
) -> Conversion | Refusal:
    assert spec.items is not None
    inner = Argument.model_construct(rename=spec.rename, values=spec.items, wrap=spec.wrap, other=spec.other, items=None)
    found = items(value)
    flat = isinstance(value, ast.List | ast.Tuple) and value.elts == found
    there = [conditions.literal(item) for item in found] if flat else []
    for item in found:
        if isinstance(item, ast.Starred) or lookup(spec.items, conditions.literal(item))[1] in there:
            continue  # what it would become is there already: two of a name are refused by some versions
        refusal = _value(inner, item, module.span(item), module, conditions, result)
        if refusal is not None:
            return refusal
    return result


def _put(result: Conversion, span: Span, expression: Expression, old: Span, *, loose: bool) -> None:
    """Put the expression around the old value, in parentheses where an operator would take only a part of it."""
    pieces: list[Piece] = []
    parts = expression.expression.split("$old")
    for index, part in enumerate(parts):
        if index:
            before, after = parts[index - 1].rstrip()[-1:], part.lstrip()[:1]
            enclosed = before in ("", "(", ",") and after in ("", ")", ",") and (before or after)
            bare = loose and not enclosed
            pieces.extend(("(", old, ")") if bare else (old,))
        pieces.append(part)
    result.edits.append((span, tuple(piece for piece in pieces if piece != "")))
    result.imports.extend(expression.imports)


def _wrapped(value: ast.expr, module: Module, expression: Expression) -> bool:
    """Whether the value already has the form of the expression, so that a second run changes nothing."""
    pattern = ".+".join(re.escape(part.strip()) for part in expression.expression.split("$old"))
    return re.fullmatch(pattern.replace(r"\ ", r"\s*"), module.segment(value), re.DOTALL) is not None
