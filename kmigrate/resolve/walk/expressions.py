"""Expressions: what they load, call and ask for."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.walk.dispatch import CONSTANT, DISPATCH, NAME, Visits, generic

if TYPE_CHECKING:
    from kmigrate.resolve.walk.walk import Walk


def _comprehension(
    walk: Walk, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, scope: Scope
) -> None:
    inner = walk.enter("comprehension", node, scope)
    for position, generator in enumerate(node.generators):
        walk.parents[generator] = node
        walk.visit(generator.iter, generator, scope if position == 0 else inner)
        walk.target("loop", generator.target, generator, inner, generator.iter)
        for condition in generator.ifs:
            walk.visit(condition, generator, inner)
    if isinstance(node, ast.DictComp):
        walk.visit(node.key, node, inner)
        walk.visit(node.value, node, inner)
    else:
        walk.visit(node.elt, node, inner)


def _name(walk: Walk, node: ast.Name, scope: Scope) -> None:
    walk.loads[node.id].append((node, scope))


def _attribute(walk: Walk, node: ast.Attribute, scope: Scope) -> None:
    walk.attributes[node.attr].append((node, scope))
    value: Any = node.value
    walk.parents[value] = node
    cls = type(value)
    if cls is NAME:
        walk.loads[value.id].append((value, scope))
    else:
        DISPATCH[cls](walk, value, scope)


def _call(walk: Walk, node: ast.Call, scope: Scope) -> None:
    walk.calls.append((node, scope))
    parents = walk.parents
    func: Any = node.func
    parents[func] = node
    cls = type(func)
    if cls is NAME:
        walk.loads[func.id].append((func, scope))
    else:
        DISPATCH[cls](walk, func, scope)
    if node.args:
        walk.each(node.args, node, scope)
    for keyword in node.keywords:
        parents[keyword] = node
        value: Any = keyword.value
        parents[value] = keyword
        cls = type(value)
        if cls is NAME:
            walk.loads[value.id].append((value, scope))
        elif cls is not CONSTANT:
            DISPATCH[cls](walk, value, scope)


def _display(walk: Walk, node: ast.List | ast.Tuple, scope: Scope) -> None:
    walk.each(node.elts, node, scope)


def _arithmetic(walk: Walk, node: ast.BinOp, scope: Scope) -> None:
    walk.visit(node.left, node, scope)
    walk.visit(node.right, node, scope)


def _subscript(walk: Walk, node: ast.Subscript, scope: Scope) -> None:
    value: Any = node.value
    walk.parents[value] = node
    DISPATCH[type(value)](walk, value, scope)
    index = node.slice
    if type(index) is CONSTANT:
        walk.parents[index] = node
        walk.module.subscripts.append(node)
    else:
        walk.visit(index, node, scope)


def _dictionary(walk: Walk, node: ast.Dict, scope: Scope) -> None:
    walk.module.dicts.append(node)
    walk.each([key for key in node.keys if key is not None], node, scope)
    walk.each(node.values, node, scope)


def _compare(walk: Walk, node: ast.Compare, scope: Scope) -> None:
    walk.visit(node.left, node, scope)
    walk.each(node.comparators, node, scope)


def _unary(walk: Walk, node: ast.UnaryOp, scope: Scope) -> None:
    walk.visit(node.operand, node, scope)


def _boolean(walk: Walk, node: ast.BoolOp, scope: Scope) -> None:
    walk.each(node.values, node, scope)


def _slice(walk: Walk, node: ast.Slice, scope: Scope) -> None:
    for bound in (node.lower, node.upper, node.step):
        if bound is not None:
            walk.visit(bound, node, scope)


def _fstring(walk: Walk, node: ast.JoinedStr, scope: Scope) -> None:
    walk.module.fstrings = True
    generic(walk, node, scope)


def _constant(walk: Walk, node: ast.Constant, scope: Scope) -> None:
    """Constants hold nothing to visit."""


def _walrus(walk: Walk, node: ast.NamedExpr, scope: Scope) -> None:
    walk.module.walruses = True
    walk.visit(node.value, node, scope)
    walk.target("assign", node.target, node, scope, node.value)


VISITS: Visits = {
    ast.NamedExpr: _walrus,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.DictComp: _comprehension,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.Compare: _compare,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.Slice: _slice,
    ast.JoinedStr: _fstring,
    ast.Constant: _constant,
    ast.List: _display,
    ast.Tuple: _display,
    ast.BinOp: _arithmetic,
    ast.Subscript: _subscript,
    ast.Dict: _dictionary,
}
