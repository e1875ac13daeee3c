"""Functions, lambdas and classes: what stands outside, and the scope inside."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from kmigrate.resolve.scopes import Binding, Scope
from kmigrate.resolve.walk.declarations import hoist
from kmigrate.resolve.walk.dispatch import Visits

if TYPE_CHECKING:
    from kmigrate.resolve.walk.walk import Walk


def _function(walk: Walk, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> None:
    walk.statement = node
    for decorator in node.decorator_list:
        walk.visit(decorator, node, scope)
    arguments = _arguments(node.args)
    _signature(walk, node, node.args, arguments, scope)
    if node.returns is not None:
        walk.visit(node.returns, node, scope)
    walk.bind("function", node.name, node, scope)
    inner = walk.enter("function", node, scope)
    if node.args.vararg is not None and node.args.kwarg is not None:
        walk.module.passes_on = True
    _parameters(walk, node.args, arguments, inner)
    if walk.declares:
        hoist(walk, node.body, inner)
    walk.block(node, node.body, inner)
    walk.statement = node


def _lambda(walk: Walk, node: ast.Lambda, scope: Scope) -> None:
    arguments = _arguments(node.args)
    _signature(walk, node, node.args, arguments, scope)
    inner = walk.enter("lambda", node, scope)
    _parameters(walk, node.args, arguments, inner)
    walk.visit(node.body, node, inner)


def _class(walk: Walk, node: ast.ClassDef, scope: Scope) -> None:
    walk.statement = node
    for expression in (*node.decorator_list, *node.bases):
        walk.visit(expression, node, scope)
    for keyword in node.keywords:
        walk.visit(keyword, node, scope)
    walk.bind("class", node.name, node, scope)
    inner = walk.enter("class", node, scope)
    walk.module.classes.append((node, scope, inner))
    walk.block(node, node.body, inner)
    walk.statement = node
    for name, bindings in inner.bindings.items():
        if name in walk.loads:
            _see_outside(walk, inner, walk.loads[name], bindings[0])


def _see_outside(walk: Walk, inner: Scope, loads: list[tuple[ast.Name, Scope]], first: Binding) -> None:
    """Loads in the body of a class before it binds the name (`merge = staticmethod(merge)`) find what is outside of classes."""
    end = getattr(first.statement, "end_lineno", 0), getattr(first.statement, "end_col_offset", 0)
    outer = inner
    while outer.kind == "class" and outer.parent is not None:
        outer = outer.parent
    for index, (load, scope) in enumerate(loads):
        if scope is inner and (load.lineno, load.col_offset) < end:
            loads[index] = load, outer
            walk.module.early[load] = outer


def _signature(walk: Walk, node: ast.AST, signature: ast.arguments, arguments: list[ast.arg], scope: Scope) -> None:
    parents = walk.parents
    parents[signature] = node
    for argument in arguments:
        parents[argument] = signature
        if argument.annotation is not None:
            walk.visit(argument.annotation, argument, scope)
    if signature.defaults:
        walk.each(signature.defaults, signature, scope)
    if signature.kw_defaults:
        walk.each([default for default in signature.kw_defaults if default is not None], signature, scope)


def _parameters(walk: Walk, signature: ast.arguments, arguments: list[ast.arg], inner: Scope) -> None:
    defaults: dict[ast.arg, ast.expr | None] = {}
    if signature.defaults:
        positional = [*signature.posonlyargs, *signature.args]
        defaults = dict(zip(reversed(positional), reversed(signature.defaults), strict=False))
    if signature.kwonlyargs:
        defaults.update(zip(signature.kwonlyargs, signature.kw_defaults, strict=True))
    for argument in arguments:
        walk.bind("parameter", argument.arg, argument, inner, defaults.get(argument))


def _arguments(arguments: ast.arguments) -> list[ast.arg]:
    found = [*arguments.posonlyargs, *arguments.args]
    if arguments.vararg is not None:
        found.append(arguments.vararg)
    found += arguments.kwonlyargs
    if arguments.kwarg is not None:
        found.append(arguments.kwarg)
    return found


VISITS: Visits = {
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.Lambda: _lambda,
    ast.ClassDef: _class,
}
