"""Padding: dictionaries and flat tuples of Keras 1 become pairs, `((top, bottom), (left, right))`.

Keras 1 takes four numbers or a dictionary (`keras/layers/convolutional.py` of 1.2.2, `ZeroPadding2D`); Keras 2
refuses both.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Literal, TypeAlias

from kmigrate.edits import Edit, Piece, Span, insert, replace
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import Literal as LiteralValue
from kmigrate.resolve.values import Other
from kmigrate.resolve.values import Sequence as SequenceValue
from kmigrate.rewrite.arguments.rewriting import rewrite_arguments
from kmigrate.rewrite.arguments.site import Rewritten
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.handlers.text import (
    commented,
    constant_items,
    is_builtin,
    plain_between,
    value_span,
)
from kmigrate.rewrite.plan import Refusal

_SIDES = ("top_pad", "bottom_pad", "left_pad", "right_pad")
_KEYS = {
    "keras.layers.ZeroPadding1D": ("left_pad", "right_pad"),
    "keras.layers.ZeroPadding2D": _SIDES,
    "keras.layers.ZeroPadding3D": (),
}
_WANTED = {
    "keras.layers.ZeroPadding1D": "(left, right)",
    "keras.layers.ZeroPadding2D": "((top, bottom), (left, right))",
    "keras.layers.ZeroPadding3D": "three numbers",
}
_NUMBERS = ("int", "len", "round", "abs", "max", "min", "sum")

_Form: TypeAlias = Literal["short", "long", "dict", "unknown"]
"""What a value can be: what Keras 2 takes too, four numbers, a dictionary, or nobody knows."""


def zero_padding(context: Context) -> Rewritten | Refusal:
    """The argument table of ZeroPadding1D, 2D or 3D, and the padding in pairs."""
    site = context.site
    rewritten = rewrite_arguments(site, context.rewrite)
    padding = site.bound.get("padding")
    if isinstance(rewritten, Refusal) or padding is None:
        return rewritten
    edits = _paired(context, padding.value, value_span(site, padding), context.found.scope)
    if isinstance(edits, Refusal):
        return edits
    rewritten.edits.extend(edits)
    return rewritten


def pairs(context: Context) -> Rewritten | Refusal:
    """The argument table of K.spatial_2d_padding or K.spatial_3d_padding; literal numbers become pairs one by one."""
    site = context.site
    padding = site.bound.get("padding")
    value = padding.value if padding is not None else None
    literal = isinstance(value, ast.Tuple | ast.List) and all(
        isinstance(item, ast.Constant | ast.Name | ast.Attribute) for item in value.elts
    )
    if padding is None or not literal:
        return rewrite_arguments(site, context.rewrite)
    assert isinstance(value, ast.Tuple | ast.List)
    spec = context.rewrite.arguments["padding"].model_copy(update={"wrap": None})
    plain = context.rewrite.model_copy(update={"arguments": {**context.rewrite.arguments, "padding": spec}})
    rewritten = rewrite_arguments(site, plain)
    if isinstance(rewritten, Refusal):
        return rewritten
    for item in value.elts:
        span = site.module.span(item)
        rewritten.edits.append(replace(span.start, span.end, "(", span, ", ", span, ")", rule=context.rule.id))
    return rewritten


def _paired(context: Context, value: ast.expr, span: Span, scope: Scope) -> list[Edit] | Refusal:
    """The edits that make `value`, whose text is `span`, what Keras 2 takes."""
    layer = context.found.name
    if isinstance(value, ast.IfExp):
        module = context.site.module
        edits: list[Edit] = []
        for branch in (value.body, value.orelse):
            inner = _paired(context, branch, module.span(branch), scope)
            if isinstance(inner, Refusal):
                return inner
            edits.extend(inner)
        return edits
    forms = _forms(context, value, scope)
    known = forms - {"unknown"}
    if known == {"short"}:
        return []
    if layer == "keras.layers.ZeroPadding3D":
        say = "Keras 1 used the first three numbers of the padding only: write those three."
        return Refusal(say) if known else []
    if forms == {"long"}:
        return _from_four(context, value, span)
    if forms == {"dict"}:
        return _from_dict(context, value, span, scope)
    shown = context.site.module.segment(value)
    also = "a dictionary" if layer == "keras.layers.ZeroPadding1D" else "four numbers or a dictionary"
    return Refusal(
        f"Keras 1 also took {also} as padding, and `{shown}` can't be seen through here. Where it is one, write "
        f"padding={_WANTED[layer]}."
    )


def _forms(context: Context, value: ast.expr, scope: Scope, depth: int = 0) -> frozenset[_Form]:
    flat = context.found.name == "keras.layers.ZeroPadding1D"
    match value:
        case ast.Tuple(elts=items) | ast.List(elts=items):
            known = not any(isinstance(item, ast.Starred) for item in items)
            return frozenset({_length(len(items) if known else None, context)})
        case ast.BinOp(ast.Tuple(elts=items) | ast.List(elts=items), ast.Mult(), ast.Constant(value=times)):
            return frozenset({_length(len(items) * times if isinstance(times, int) else None, context)})
        case ast.BinOp() if flat:
            return frozenset({"short"})
        case ast.Call(func=ast.Name(id=name)) if name in _NUMBERS and is_builtin(value.func, name, scope):
            return frozenset({"short"})
        case ast.IfExp(body=body, orelse=orelse):
            return _forms(context, body, scope, depth + 1) | _forms(context, orelse, scope, depth + 1)
    if isinstance(value, ast.Dict | ast.DictComp) or (
        isinstance(value, ast.Call) and is_builtin(value.func, "dict", scope)
    ):
        return frozenset({"dict"})
    sources = context.evaluator.assigned(value, scope) if depth < 8 else []
    if sources:
        return frozenset().union(*(_forms(context, node, inner, depth + 1) for node, inner in sources))
    found: set[_Form] = set()
    for found_value in context.evaluator.values(value, scope):
        match found_value:
            case SequenceValue(items=parts, homogeneous=homogeneous):
                found.add(_length(None if homogeneous else len(parts), context))
            case LiteralValue():
                found.add("short")
            case Other() if isinstance(value, ast.Constant | ast.UnaryOp):
                found.add("short")
            case _:
                found.add("unknown")
    return frozenset(found or {"unknown"})


def _length(length: int | None, context: Context) -> _Form:
    """The form of a sequence: in one dimension Keras 1 and 2 take the same ones."""
    layer = context.found.name
    if layer == "keras.layers.ZeroPadding1D":
        return "short"
    if length is None:
        return "unknown"
    if layer == "keras.layers.ZeroPadding3D":
        return "long" if length == 6 else "short"
    return "long" if length == 4 else "short"


def _from_four(context: Context, value: ast.expr, span: Span) -> list[Edit] | Refusal:
    module, rule = context.site.module, context.rule.id
    if isinstance(value, ast.Tuple | ast.List):
        if plain_between(module, value.elts):
            places = [module.span(item) for item in value.elts]
            return [
                insert(places[0].start, "(", rule=rule), insert(places[1].end, ")", rule=rule),
                insert(places[2].start, "(", rule=rule), insert(places[3].end, ")", rule=rule),
            ]  # fmt: skip
        items = [module.span(item) for item in value.elts]
        return _written(context, span, [(item,) for item in items], items)
    if isinstance(value, ast.Name | ast.Attribute):
        name = module.segment(value)
        return _written(context, span, [(f"{name}[{index}]",) for index in range(4)], [span])
    return Refusal(f"`{module.segment(value)}` is four numbers; write padding={_WANTED[context.found.name]}.")


def _from_dict(context: Context, value: ast.expr, span: Span, scope: Scope) -> list[Edit] | Refusal:
    module = context.site.module
    layer = context.found.name
    keys = _KEYS[layer]
    if isinstance(value, ast.Name | ast.Attribute):
        name = module.segment(value)
        return _written(context, span, [(f"{name}.get('{key}', 0)",) for key in keys], [span])
    items = constant_items(value, scope)
    if items is None or not set(items) <= set(keys):
        return Refusal(
            f"Keras 2 takes no dictionary here: write padding={_WANTED[layer]}, with 0 for a key that is missing."
        )
    spans = {key: module.span(item) for key, item in items.items()}
    parts: list[tuple[Piece, ...]] = [(spans[key],) if key in spans else ("0",) for key in keys]
    return _written(context, span, parts, list(spans.values()))


def _written(
    context: Context, span: Span, parts: Sequence[tuple[Piece, ...]], kept: list[Span]
) -> list[Edit] | Refusal:
    """The pair, or the pair of pairs, in the place of `span`."""
    if commented(context.site.module, span, kept):
        return Refusal(
            f"comments stand inside the padding, so it is not rewritten: write padding={_WANTED[context.found.name]}, "
            "with 0 for a key that is missing."
        )
    pieces: list[Piece] = ["(" if len(parts) == 2 else "(("]
    for index, part in enumerate(parts):
        if index:
            pieces.append("), (" if index == 2 else ", ")
        pieces.extend(part)
    pieces.append(")" if len(parts) == 2 else "))")
    return [replace(span.start, span.end, *pieces, rule=context.rule.id)]


def sides(context: Context) -> Rewritten | Refusal:
    """The argument table of K.asymmetric_spatial_2d_padding: the four sides fold into two pairs."""
    site = context.site
    rewritten = rewrite_arguments(site, context.rewrite)
    given = [argument for argument in site.bound.arguments if argument.parameter in _SIDES]
    if isinstance(rewritten, Refusal) or not given:
        return rewritten
    spans = [value_span(site, argument) for argument in given]
    doubled = {(spans[0].start, "("), (spans[-1].end, ")")}
    rule = context.rule.id
    apart = False
    for index, edit in enumerate(rewritten.edits):
        first = edit.pieces[0] if edit.pieces else None
        if len(edit.pieces) > 7:
            opening, top, _, bottom, _, left, _, right, *rest = edit.pieces
            pieces = (opening, "(", top, ", ", bottom, "), (", left, ", ", right, ")", *rest)
            rewritten.edits[index] = edit._replace(pieces=pieces)
        elif isinstance(first, str) and (edit.end, first[-1:]) in doubled:
            rewritten.edits[index] = edit._replace(pieces=(first + first[-1:],))
            apart = True
    if apart:
        rewritten.edits.append(insert(spans[1].end, ")", rule=rule))
        rewritten.edits.append(insert(spans[2].start, "(", rule=rule))
    return rewritten
