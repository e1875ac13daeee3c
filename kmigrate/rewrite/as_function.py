"""An operation on tensors as the text of a function: what is written in the place of the tensors, and what they are."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kmigrate.edits import Confidence, Edit, Piece, Span, replace
from kmigrate.resolve.flow.anatomy import Anatomy, anatomy
from kmigrate.resolve.flow.ends import ends, is_model
from kmigrate.resolve.flow.origins import Operation, Origins
from kmigrate.resolve.scopes import Binding, Scope
from kmigrate.resolve.values import KerasName, UserFunction, only
from kmigrate.source.module import Module

_SIGNS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**", ast.FloorDiv: "//", ast.Mod: "%",
    ast.MatMult: "@",
}  # fmt: skip

_INTEGERS = {"keras.backend.one_hot": 0, "keras.backend.gather": 1}
"""Where these functions take integers."""
_DEPTH = 5
"""So many names are followed, one to the other."""


@dataclass(frozen=True, slots=True)
class Function:
    """text: the function; tensors: what it is applied to; inner: edits inside the text; shape: its output shape, if
    somebody wrote one down.
    """

    text: tuple[Piece, ...]
    tensors: tuple[Piece, ...]
    inner: tuple[Edit, ...]
    shape: tuple[Piece, ...] | None
    confidence: Confidence = Confidence.SAFE


def as_function(operation: Operation, origins: Origins, module: Module, rule: str) -> Function | str:
    """The function, or why there is none."""
    parts = anatomy(operation, origins)
    if operation.elsewhere is not None:
        return f"the operation stands in {operation.elsewhere}, so that this run can't put it into a layer here"
    if not operation.certain:
        return "nobody can tell whether it is applied to outputs of layers"
    if parts.obstacle is not None:
        return parts.obstacle
    measured = [node for node, scope in ((operation.node, operation.scope), *parts.tensors) if _is_shape(node, scope, origins)]
    if measured:
        return (
            f"`{module.segment(measured[0])}` is a shape or a length and no output of a layer: ask for it inside of the "
            "function, as K.shape(t[1])[1]"
        )
    forged = _forged(operation, origins)
    if forged is not None:
        return forged
    shape = _shape(operation, origins, module)
    named = _named(operation, parts, origins, module)
    if named is not None:
        return Function(*named, (), shape)
    tensors = {tensor for tensor, _ in parts.tensors}
    asked = _indices(operation, origins, module) if shape is None else ()
    casts = {tensor: backend for tensor, backend in asked if tensor in tensors}
    if "" in casts.values():
        return "it takes integers, and Keras 2.2 tries a Lambda without output_shape on floats"
    return _lambda(operation, parts, module, rule, shape, casts)


def _named(
    operation: Operation, parts: Anatomy, origins: Origins, module: Module
) -> tuple[tuple[Piece, ...], tuple[Piece, ...]] | None:
    """A function of the user's that is applied to the tensors and nothing else is itself the function."""
    node = operation.node
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or len(node.args) != 1 or node.keywords:
        return None
    functions = origins.evaluator.values(node.func, operation.scope)
    if not all(isinstance(value, UserFunction) for value in functions) or parts.captured:
        return None
    given = node.args[0]
    listed = given.elts if isinstance(given, ast.List) else [given]
    if [tensor for tensor, _ in parts.tensors] != listed:
        return None
    return (module.span(node.func),), (module.span(given),)


def _is_shape(node: ast.AST, scope: Scope, origins: Origins, depth: int = 0) -> bool:
    """Whether this is what K.shape gives, or a part of it, perhaps under a name."""
    match node:
        case ast.Call(func=function):
            called = only(origins.evaluator.values(function, scope))
            return isinstance(called, KerasName) and called.path == "keras.backend.shape"
        case ast.Subscript(value=inner):
            return _is_shape(inner, scope, origins, depth)
        case ast.Name() if depth < _DEPTH:
            return any(
                binding.kind in ("assign", "unpack")
                and binding.value is not None
                and _is_shape(binding.value, binding.scope, origins, depth + 1)
                for binding in origins.evaluator.bindings(node, scope) or ()
            )
        case _:
            return False


def _indices(operation: Operation, origins: Origins, module: Module) -> Iterator[tuple[ast.expr, str]]:
    """What a function of the backend takes as integers, and how the file spells the backend there ("" if it does not).

    Keras 2.2 finds the shape of a Lambda with a trial on floats, whatever the tensors are.
    """
    for call in ast.walk(operation.node):
        if not isinstance(call, ast.Call):
            continue
        called = only(origins.evaluator.values(call.func, operation.scope))
        place = _INTEGERS.get(called.path) if isinstance(called, KerasName) else None
        if place is None:
            continue
        spelled = module.segment(call.func.value) if isinstance(call.func, ast.Attribute) else ""
        taken = [*call.args[place : place + 1], *(keyword.value for keyword in call.keywords if keyword.arg == "indices")]
        yield from ((leaf, spelled) for item in taken for leaf in _leaves(item))


def _leaves(node: ast.expr) -> Iterator[ast.expr]:
    """What slices and arithmetic of integers are made of."""
    match node:
        case ast.Subscript(value=inner) | ast.UnaryOp(operand=inner):
            yield from _leaves(inner)
        case ast.BinOp(left=left, right=right):
            yield from _leaves(left)
            yield from _leaves(right)
        case _:
            yield node


def _lambda(
    operation: Operation, parts: Anatomy, module: Module, rule: str, shape: tuple[Piece, ...] | None,
    casts: Mapping[ast.expr, str],
) -> Function:  # fmt: skip
    names = [tensor.id if isinstance(tensor, ast.Name) else None for tensor, _ in parts.tensors]
    distinct: list[ast.expr] = []
    places: list[int] = []
    for (tensor, _), name in zip(parts.tensors, names, strict=True):
        known = next((i for i, other in enumerate(distinct) if name and isinstance(other, ast.Name) and other.id == name), None)
        places.append(known if known is not None else len(distinct))
        if known is None:
            distinct.append(tensor)
    parameter = _parameter(operation.node)
    words = [parameter if len(distinct) == 1 else f"{parameter}[{place}]" for place in places]
    for index, (tensor, _) in enumerate(parts.tensors):
        if tensor in casts:
            words[index] = f"{casts[tensor]}.cast({words[index]}, 'int32')"
    inner: list[Edit] = []
    moved: list[tuple[Span, str]] = []
    for (tensor, _), word in zip(parts.tensors, words, strict=True):
        span = module.span(tensor)
        if isinstance(tensor, ast.Name):
            inner.append(replace(span.start, span.end, word, rule=rule))
        else:
            moved.append((span, word))
    taken: list[Piece] = []
    for tensor in distinct:
        taken.extend((", ", tensor.id if isinstance(tensor, ast.Name) else module.span(tensor)))
    tensors = tuple(taken[1:]) if len(distinct) == 1 else ("[", *taken[1:], "]")
    along = "".join(f", {name}={name}" for name in parts.captured)
    return Function((f"lambda {parameter}{along}: ", *_body(operation, module, moved)), tensors, tuple(inner), shape)


def _body(operation: Operation, module: Module, moved: list[tuple[Span, str]]) -> list[Piece]:
    """The text of the operation, with a word in the place of each tensor that is moved out of it."""
    node = operation.node
    if isinstance(node, ast.AugAssign):
        assert isinstance(node.target, ast.Name)
        value: list[Piece] = _without(module.span(node.value), moved)
        atom = isinstance(node.value, ast.Name | ast.Call | ast.Constant | ast.Attribute | ast.Subscript)
        return [module.span(node.target), f" {_SIGNS[type(node.op)]} ", *(value if atom else ["(", *value, ")"])]
    return _without(module.span(node), moved)


def _without(span: Span, moved: list[tuple[Span, str]]) -> list[Piece]:
    pieces: list[Piece] = []
    position = span.start
    for part, word in sorted(moved, key=lambda item: item[0].start):
        if span.contains(part):
            pieces.extend((Span(position, part.start), word))
            position = part.end
    return [*pieces, Span(position, span.end)]


def _parameter(node: ast.AST) -> str:
    """A name for the parameter that the operation does not use."""
    used = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
    name = "t"
    while name in used:
        name += "_"
    return name


def _stores(operation: Operation, origins: Origins, attribute: str) -> list[tuple[Binding, ast.Assign, ast.AST]]:
    """The statements that assign an attribute of the operation's result."""
    found: list[tuple[Binding, ast.Assign, ast.AST]] = []
    module = operation.scope.module
    for store, scope in module.attribute_stores:
        statement = module.parents.get(store)
        if store.attr != attribute or not isinstance(store.value, ast.Name) or not isinstance(statement, ast.Assign):
            continue
        for binding in origins.evaluator.bindings(store.value, scope) or ():
            if binding.value is operation.node:
                found.append((binding, statement, store.value))
    return found


def _shape(operation: Operation, origins: Origins, module: Module) -> tuple[Piece, ...] | None:
    """The shape without the batch, where the program gave the result a `_keras_shape` that starts with None."""
    for _, statement, _ in _stores(operation, origins, "_keras_shape"):
        value = statement.value
        if isinstance(value, ast.Tuple) and len(value.elts) > 1 and isinstance(value.elts[0], ast.Constant):
            rest = Span(module.start(value.elts[1]), module.end(value.elts[-1]))
            return ("(", rest, ",)" if len(value.elts) == len("xy") else ")")
    return None


def _forged(operation: Operation, origins: Origins) -> str | None:
    """Why a result with the history of another tensor can't become a layer: Keras 1 took that tensor in its place."""
    module = operation.scope.module
    stores = _stores(operation, origins, "_keras_history")
    given = list(ends(module, origins.evaluator, origins.roles)) if stores else []
    for binding, _, _ in stores:
        for argument, scope, call in given:
            named = isinstance(argument, ast.Name) and binding in (origins.evaluator.bindings(argument, scope) or ())
            if named and not is_model(call, scope, origins.evaluator):
                return (
                    f"`{binding.name}` has the _keras_history of another tensor, so that Keras 1 gave the layer that tensor "
                    "and left the operation out"
                )
    return None
