"""Which bindings of a name can a load of it see: reaching definitions, for one name of one scope at a time.

The answer is a superset: jumps out of blocks are taken to fall through, loops may run or not. A load inside another
function sees every binding, because nobody knows when the function runs.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, TypeAlias

from kmigrate.resolve.scopes import Binding, Scope

Definitions: TypeAlias = frozenset[Binding]
_ANCHORS = frozenset({*ast.stmt.__subclasses__(), ast.ExceptHandler, ast.match_case})
_JUMPS = (ast.Return, ast.Raise, ast.Continue, ast.Break)


def reaching(scope: Scope, name: str, stars: dict[Binding, bool]) -> dict[ast.AST, Definitions]:
    """For every load of `name` that stands in `scope` (comprehensions inside included): the bindings it can see.

    `stars` are the star imports of the scope that may bind the name, with whether they certainly do.
    """
    return _Flow(scope, name, stars).run()


class _Flow:
    def __init__(self, scope: Scope, name: str, stars: dict[Binding, bool]) -> None:
        self.stars = stars
        self.star_at: dict[ast.AST, Binding] = {}
        self.scope = scope
        self.name = name
        self.result: dict[ast.AST, Definitions] = {}
        self.bound: dict[ast.AST, list[Binding]] = {}
        self.loads: dict[ast.AST, list[ast.AST]] = {}
        self.marked: set[ast.AST] = set()

    def run(self) -> dict[ast.AST, Definitions]:
        parents = self.scope.module.parents
        entry: set[Binding] = set()
        bindings = self.scope.bindings[self.name]
        if self.scope.module.binds_elsewhere and any(self._foreign(binding) for binding in bindings):
            return {load: frozenset(bindings) | frozenset(self.stars) for load in self._all_loads()}
        for star in self.stars:
            anchor = self._anchor(star.node)
            self.star_at[anchor] = star
            self._mark(anchor, parents)
        for binding in bindings:
            if binding.kind == "parameter":
                entry.add(binding)
                continue
            anchor = self._anchor(binding.node)
            self.bound.setdefault(anchor, []).append(binding)
            self._mark(anchor, parents)
        for load in self._all_loads():
            anchor = self._anchor(load)
            self.loads.setdefault(anchor, []).append(load)
            self._mark(anchor, parents)
        body = self.scope.node.body
        if isinstance(body, list):
            self._block(body, frozenset(entry))
        else:
            self._loads(body, frozenset(entry))
        return self.result

    def _foreign(self, binding: Binding) -> bool:
        """Whether the binding stands in another function (`global`, `nonlocal`, a walrus in a default)."""
        parents = self.scope.module.parents
        node = binding.node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            node = parents[node]
        while not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef | ast.Module):
            node = parents[node]
        return node is not self.scope.node

    def _all_loads(self) -> list[ast.AST]:
        """The loads in the scope itself, and those in its comprehensions that reach out of them."""
        owner = self.scope
        return [
            node
            for node, scope in owner.module.loads.get(self.name, ())
            if scope is owner
            or (scope.kind == "comprehension" and scope.lookup(self.name) is owner and _statement_scope(scope) is owner)
        ]

    def _anchor(self, node: ast.AST) -> ast.AST:
        """The statement, handler or clause at which the node takes part in the flow."""
        parents = self.scope.module.parents
        while type(node) not in _ANCHORS:
            parent = parents.get(node)
            if parent is None or parent is self.scope.node:
                return node
            node = parent
        return node

    def _mark(self, node: ast.AST, parents: dict[ast.AST, ast.AST]) -> None:
        while node not in self.marked and node is not self.scope.node:
            self.marked.add(node)
            node = parents[node]

    def _block(self, statements: list[ast.stmt], state: Definitions) -> Definitions:
        for statement in statements:
            if statement in self.marked:
                state = self._statement(statement, state)
        return state

    def _loads(self, anchor: ast.AST, state: Definitions) -> None:
        for load in self.loads.get(anchor, ()):
            before = self.result.get(load)
            self.result[load] = before | state if before else state

    def _bind(self, anchor: ast.AST, state: Definitions) -> Definitions:
        bound = self.bound.get(anchor)
        return frozenset(bound) if bound else state

    def _statement(self, node: ast.stmt, state: Definitions) -> Definitions:
        compound = _COMPOUND.get(node.__class__)
        if compound is not None:
            return compound(self, node, state)
        self._loads(node, state)
        star = self.star_at.get(node)
        if star is not None:
            return frozenset({star}) if self.stars[star] else state | {star}
        bound = self.bound.get(node)
        if not bound:
            return state
        if self.scope.module.walruses and any(self._inside_expression(binding) for binding in bound):
            self._loads(node, state | frozenset(bound))
        return frozenset(bound[-1:]) if not isinstance(node, ast.AugAssign) else frozenset(bound)

    def _if(self, node: ast.If, state: Definitions) -> Definitions:
        self._loads(node, state)
        state = self._bind(node, state)
        return self._branches([node.body, node.orelse], state)

    def _with(self, node: ast.With | ast.AsyncWith, state: Definitions) -> Definitions:
        self._loads(node, state)
        return self._block(node.body, self._bind(node, state))

    def _match(self, node: ast.Match, state: Definitions) -> Definitions:
        self._loads(node, state)
        state = self._bind(node, state)
        after = state
        for case in node.cases:
            inner = self._bind(case, state)
            self._loads(case, inner)
            after |= self._block(case.body, inner)
        return after

    def _inside_expression(self, binding: Binding) -> bool:
        return isinstance(self.scope.module.parents.get(binding.node), ast.NamedExpr)

    def _branches(self, blocks: list[list[ast.stmt]], state: Definitions) -> Definitions:
        ends: list[Definitions] = []
        for block in blocks:
            end = self._block(block, state)
            if not (block and isinstance(block[-1], _JUMPS)):
                ends.append(end)
        return frozenset().union(*ends) if ends else state

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While, state: Definitions) -> Definitions:
        self._loads(node, state)
        entry = state
        for _ in range(2):
            inner = self._bind(node, entry)
            if isinstance(node, ast.While):
                self._loads(node, inner)
            entry = entry | self._block(node.body, inner)
        return self._block(node.orelse, entry) | entry

    def _try(self, node: ast.Try, state: Definitions) -> Definitions:
        end = self._block(node.body, state)
        anywhere = state | end | frozenset(self._within(node.body))
        ends = [self._block(node.orelse, end)]
        for handler in node.handlers:
            inner = self._bind(handler, anywhere)
            self._loads(handler, anywhere)
            after = self._block(handler.body, inner)
            if not (handler.body and isinstance(handler.body[-1], _JUMPS)):
                ends.append(after)
        return self._block(node.finalbody, frozenset().union(*ends) if node.finalbody == [] else anywhere.union(*ends))

    def _within(self, block: list[ast.stmt]) -> list[Binding]:
        parents = self.scope.module.parents
        inside: list[Binding] = []
        for anchor, bound in self.bound.items():
            node: ast.AST | None = anchor
            while node is not None and node is not self.scope.node:
                if node in block:
                    inside.extend(bound)
                    break
                node = parents.get(node)
        return inside


_COMPOUND: dict[type[ast.stmt], Callable[[_Flow, Any, Definitions], Definitions]] = {
    ast.If: _Flow._if,
    ast.For: _Flow._loop,
    ast.AsyncFor: _Flow._loop,
    ast.While: _Flow._loop,
    ast.With: _Flow._with,
    ast.AsyncWith: _Flow._with,
    ast.Try: _Flow._try,
    getattr(ast, "TryStar", ast.Try): _Flow._try,  # from Python 3.11 on
    ast.Match: _Flow._match,
}
"""Statements that hold others."""


def _statement_scope(scope: Scope) -> Scope:
    while scope.kind == "comprehension" and scope.parent is not None:
        scope = scope.parent
    return scope
