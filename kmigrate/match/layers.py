"""Does an expression give a layer of a model or of a wrapper, whatever its class is?"""

from __future__ import annotations

import ast

from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import Binding, ModuleScope, Scope
from kmigrate.resolve.values import NONE, UNKNOWN, Instance, UserFunction, UserObject, Values

_DEPTH = 8
_APPLYING = frozenset({"map", "filter", "sorted", "min", "max", "imap", "ifilter", "groupby"})
"""Functions that call one which they are given with each item of a list."""
_LAYER = "keras.layers.Layer"
_ANY_LAYER = frozenset({Instance(_LAYER)})
_WRAPPER = "keras.layers.Wrapper"


def held_layer(evaluator: Evaluator, node: ast.expr, scope: Scope, depth: int = 0) -> bool:
    """Whether a layer is taken from `model.layers`, or from a list of such layers, in a loop, by its number or by its name from a
    dict of them, got by `get_layer`, wrapped by an object, or what a function in sight is given as one."""
    if depth > _DEPTH:
        return False
    match node:
        case ast.Subscript(value=ast.Attribute(attr="layers")) | ast.Call(func=ast.Attribute(attr="get_layer")):
            return True
        case ast.Subscript(value=table, slice=index) if not isinstance(index, ast.Slice):
            written, inner = evaluator.written(table, scope)
            return _is_dict(evaluator, written, inner, depth) or _is_list(evaluator, written, inner, depth + 1)
        case ast.Call(func=ast.Name(id="next"), args=[listed, *_]):
            return _is_list(evaluator, listed, scope, depth + 1)
        case ast.Attribute(value=holder, attr="layer" | "forward_layer" | "backward_layer"):
            return _wraps(evaluator, holder, scope)
        case ast.Name():
            bindings = evaluator.bindings(node, scope)
            return bool(bindings) and all(
                _is_looped(evaluator, binding, depth + 1)
                or (
                    binding.assigned is not None
                    and held_layer(evaluator, binding.assigned, binding.scope, depth + 1)
                )
                or (binding.kind == "parameter" and _given_layer(evaluator, binding, depth + 1))
                for binding in bindings or ()
            )
        case _:
            return False


def unknown_layer(values: Values) -> bool:
    """Whether nobody knows an object, or nothing but that it is a layer: what `get_layer` gives."""
    return values <= UNKNOWN | NONE | _ANY_LAYER


def _wraps(evaluator: Evaluator, node: ast.expr, scope: Scope) -> bool:
    """Whether an object is a wrapper of Keras, or of a class that derives from one."""
    values = evaluator.values(node, scope)
    return bool(values) and all(
        (isinstance(value, Instance) and evaluator.classes.is_a(value.cls, _WRAPPER))
        or (isinstance(value, UserObject) and evaluator.classes.inherits(value.cls, _WRAPPER))
        for value in values
    )


def _given_layer(evaluator: Evaluator, binding: Binding, depth: int) -> bool:
    """Whether a function is given such a layer by this parameter, as far as the file shows: `f(model.layers[0])`,
    `map(f, model.layers)`, `Dense.call = f`."""
    function, module = binding.scope.node, binding.scope.module
    arguments = [*function.args.posonlyargs, *function.args.args]
    if binding.node not in arguments:
        return False
    place = arguments.index(binding.node) - _filled(evaluator, function, binding.scope)
    named = function.name if isinstance(function, ast.FunctionDef) else _assigned_to(module.parents.get(function))
    if place == 0:
        handed = [function, *(node for node, _ in module.loads.get(named, ()))]
        if any(_is_applied(evaluator, module, node, depth) or _is_method(evaluator, module, node) for node in handed):
            return True
    for call, scope in evaluator.callers(module, named) if named else ():
        given = [keyword.value for keyword in call.keywords if keyword.arg == binding.name]
        given += call.args[place : place + 1] if place >= 0 else []
        if given and held_layer(evaluator, given[0], scope, depth) and _calls(evaluator, call.func, scope, function):
            return True
    return False


def _assigned_to(parent: ast.AST | None) -> str:
    """The name that a lambda is assigned to."""
    match parent:
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name
        case _:
            return ""


def _filled(evaluator: Evaluator, function: ast.AST, scope: Scope) -> int:
    """How many of the first parameters of a function Python itself fills: that of a method."""
    if evaluator.classes.method_owner(function, scope) is None:
        return 0
    decorators = getattr(function, "decorator_list", ())
    return 0 if any(isinstance(item, ast.Name) and item.id == "staticmethod" for item in decorators) else 1


def _is_method(evaluator: Evaluator, module: ModuleScope, function: ast.AST) -> bool:
    """Whether a function becomes a method of a layer of Keras: `Dense.call = f`."""
    match module.parents.get(function):
        case ast.Assign(targets=[ast.Attribute(value=owner)]):
            path = evaluator.path(owner, module.scope_around(owner))
            return path is not None and evaluator.classes.is_a(path, _LAYER)
        case _:
            return False


def _is_applied(evaluator: Evaluator, module: ModuleScope, function: ast.AST, depth: int) -> bool:
    """Whether a function is handed, with the layers of a model, to what calls it with each of them."""
    parent = module.parents.get(function)
    call = module.parents.get(parent) if isinstance(parent, ast.keyword) and parent.arg == "key" else parent
    match call:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=listed) if name in _APPLYING:
            scope = module.scope_around(call)
            return any(item is not function and _is_list(evaluator, item, scope, depth) for item in listed)
        case _:
            return False


def _calls(evaluator: Evaluator, func: ast.expr, scope: Scope, function: ast.AST) -> bool:
    return any(isinstance(value, UserFunction) and value.node is function for value in evaluator.values(func, scope))


def _is_dict(evaluator: Evaluator, table: ast.expr, scope: Scope, depth: int) -> bool:
    """Whether a dict holds the layers of a model: `{x.name: x for x in model.layers}`, or `dict([(x.name, x) for ...])`."""
    match table:
        case ast.DictComp(value=item, generators=[loop]):
            return _gives_layers(evaluator, item, loop, scope, depth)
        case ast.Call(
            func=ast.Name(id="dict"),
            args=[
                ast.ListComp(elt=ast.Tuple(elts=[_, item]), generators=[loop])
                | ast.GeneratorExp(elt=ast.Tuple(elts=[_, item]), generators=[loop])
            ],
        ):
            return _gives_layers(evaluator, item, loop, scope, depth)
        case _:
            return False


def _is_list(evaluator: Evaluator, node: ast.expr, scope: Scope, depth: int) -> bool:
    """Whether an expression gives the layers of a model, or some of them, perhaps counted, turned or sliced."""
    if depth > _DEPTH:
        return False
    match node:
        case ast.Attribute(attr="layers"):
            return True
        case ast.Subscript(value=inner, slice=ast.Slice()):
            return _is_list(evaluator, inner, scope, depth + 1)
        case ast.Call(func=ast.Name(id="enumerate" | "reversed" | "list" | "zip" | "sorted"), args=[inner, *_]):
            return _is_list(evaluator, inner, scope, depth + 1)
        case ast.Call(func=ast.Name(id="filter"), args=[_, inner]):
            return _is_list(evaluator, inner, scope, depth + 1)
        case ast.ListComp(elt=item, generators=[loop]) | ast.GeneratorExp(elt=item, generators=[loop]):
            return _gives_layers(evaluator, item, loop, scope, depth)
        case ast.Name():
            listed = evaluator.assigned(node, scope)
            return bool(listed) and all(_is_list(evaluator, item, inner, depth + 1) for item, inner in listed)
        case _:
            return False


def _gives_layers(evaluator: Evaluator, item: ast.expr, loop: ast.comprehension, scope: Scope, depth: int) -> bool:
    """Whether a comprehension gives what it takes from the layers of a model."""
    same = isinstance(item, ast.Name) and isinstance(loop.target, ast.Name) and item.id == loop.target.id
    return same and _is_list(evaluator, loop.iter, scope, depth + 1)


def _is_looped(evaluator: Evaluator, binding: Binding, depth: int) -> bool:
    """Whether a name is that of a loop over such layers."""
    return binding.kind == "loop" and binding.value is not None and _is_list(evaluator, binding.value, binding.scope, depth)
