"""Statements: what they bind, and in which order what they hold is met."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from kmigrate.resolve.scopes import Binding, Scope
from kmigrate.resolve.walk.dispatch import DISPATCH, NAME, Visits, generic

if TYPE_CHECKING:
    from kmigrate.resolve.walk.walk import Walk


def _import(walk: Walk, node: ast.Import, scope: Scope) -> None:
    walk.statement = node
    for alias in node.names:
        walk.parents[alias] = node
        walk.module.scope_of[alias] = scope
        name = alias.asname or alias.name.partition(".")[0]
        walk.module.imports.append(walk.bind("import", name, alias, scope))


def _import_from(walk: Walk, node: ast.ImportFrom, scope: Scope) -> None:
    walk.statement = node
    for alias in node.names:
        walk.parents[alias] = node
        walk.module.scope_of[alias] = scope
        if alias.name == "*":
            binding = Binding("star", "*", alias, scope, statement=node)
            scope.stars.append(binding)
            walk.module.imports.append(binding)
        else:
            walk.module.imports.append(walk.bind("from", alias.asname or alias.name, alias, scope))


def _assign(walk: Walk, node: ast.Assign, scope: Scope) -> None:
    walk.statement = node
    value: Any = node.value
    walk.parents[value] = node
    DISPATCH[type(value)](walk, value, scope)
    targets: list[Any] = node.targets
    for target in targets:
        if type(target) is NAME:
            walk.parents[target] = node
            walk.bind("assign", target.id, target, scope, value)
        else:
            walk.target("assign", target, node, scope, value)


def _annotated(walk: Walk, node: ast.AnnAssign, scope: Scope) -> None:
    walk.statement = node
    walk.visit(node.annotation, node, scope)
    if node.value is not None:
        walk.visit(node.value, node, scope)
        walk.target("assign", node.target, node, scope, node.value)
    else:
        walk.target("annotation", node.target, node, scope, None)


def _augmented(walk: Walk, node: ast.AugAssign, scope: Scope) -> None:
    walk.statement = node
    walk.visit(node.value, node, scope)
    if isinstance(node.target, ast.Name):
        walk.loads[node.target.id].append((node.target, scope))
    walk.target("augmented", node.target, node, scope, node.value)


def _loop(walk: Walk, node: ast.For | ast.AsyncFor, scope: Scope) -> None:
    walk.statement = node
    walk.visit(node.iter, node, scope)
    walk.target("loop", node.target, node, scope, node.iter)
    walk.block(node, node.body, scope)
    walk.block(node, node.orelse, scope)


def _with(walk: Walk, node: ast.With | ast.AsyncWith, scope: Scope) -> None:
    walk.statement = node
    for item in node.items:
        walk.parents[item] = node
        walk.visit(item.context_expr, item, scope)
        if item.optional_vars is not None:
            walk.target("with", item.optional_vars, item, scope, item.context_expr)
    walk.block(node, node.body, scope)


def _handler(walk: Walk, node: ast.ExceptHandler, scope: Scope) -> None:
    if node.type is not None:
        walk.visit(node.type, node, scope)
    if node.name:
        walk.bind("except", node.name, node, scope)
    walk.block(node, node.body, scope)


def _expression(walk: Walk, node: ast.Expr, scope: Scope) -> None:
    walk.statement = node
    value: Any = node.value
    walk.parents[value] = node
    DISPATCH[type(value)](walk, value, scope)


def _return(walk: Walk, node: ast.Return, scope: Scope) -> None:
    walk.statement = node
    if node.value is not None:
        walk.visit(node.value, node, scope)


def _branch(walk: Walk, node: ast.If, scope: Scope) -> None:
    walk.module.branches.append((node, scope))
    walk.statement = node
    test: Any = node.test
    walk.parents[test] = node
    DISPATCH[type(test)](walk, test, scope)
    walk.block(node, node.body, scope)
    walk.block(node, node.orelse, scope)


def _delete(walk: Walk, node: ast.Delete, scope: Scope) -> None:
    walk.statement = node
    for target in node.targets:
        walk.target("delete", target, node, scope, None)


def _pattern(walk: Walk, node: ast.MatchAs | ast.MatchStar, scope: Scope) -> None:
    if node.name:
        walk.bind("pattern", node.name, node, scope)
    generic(walk, node, scope)


def _mapping_pattern(walk: Walk, node: ast.MatchMapping, scope: Scope) -> None:
    if node.rest:
        walk.bind("pattern", node.rest, node, scope)
    generic(walk, node, scope)


VISITS: Visits = {
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.For: _loop,
    ast.AsyncFor: _loop,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.ExceptHandler: _handler,
    ast.Delete: _delete,
    ast.MatchAs: _pattern,
    ast.MatchStar: _pattern,
    ast.MatchMapping: _mapping_pattern,
    ast.Expr: _expression,
    ast.Return: _return,
    ast.If: _branch,
}
