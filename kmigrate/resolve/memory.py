"""What is an expression whose value depends on itself? Answers are remembered, circles computed until they are stable."""

from __future__ import annotations

import ast
from collections.abc import Callable

from kmigrate.resolve.values import NOTHING, UNKNOWN, Values

MAX_DEPTH = 60
"""Nested questions beyond this depth are answered with Unknown."""

MAX_ROUNDS = 5
"""How often an expression that depends on itself is computed; one that is not stable by then is Unknown."""

_NEVER = MAX_DEPTH + 1
"""Deeper than any node under way."""


class Memory:
    """The answers by syntax node; `known` holds those that are final."""

    def __init__(self) -> None:
        self.known: dict[ast.AST, Values] = {}
        self._active: dict[ast.AST, tuple[int, Values]] = {}
        self._provisional: dict[ast.AST, tuple[Values, int]] = {}
        self._log: list[ast.AST] = []
        self._lowest = _NEVER
        self._settled: dict[object, Values] = {}

    def settled(self, key: object, compute: Callable[..., Values], *question: object) -> Values:
        """The remembered answer, or a computed one: of a question about no node, which is part of no circle itself.

        An answer that depends on a node still under way is not remembered.
        """
        known = self._settled.get(key)
        if known is not None:
            return known
        outer, self._lowest = self._lowest, _NEVER
        found = compute(*question)
        if self._lowest == _NEVER:
            self._settled[key] = found
        self._lowest = min(outer, self._lowest)
        return found

    def remember(self, node: ast.AST, compute: Callable[..., Values], *question: object) -> Values:
        """The remembered answer, or a computed one; a node that depends on itself is computed until it is stable.

        Answers that depend on a node still under way are provisional: they serve until that node is done.
        """
        active = self._active
        if node in active:
            depth, approximation = active[node]
            self._lowest = min(self._lowest, depth)
            return approximation
        if self._provisional and node in self._provisional:
            found, lowest = self._provisional[node]
            self._lowest = min(self._lowest, lowest)
            return found
        depth = len(active)
        if depth >= MAX_DEPTH:
            return UNKNOWN
        outer, self._lowest = self._lowest, _NEVER
        mark = len(self._log)
        active[node] = (depth, NOTHING)
        try:
            found = compute(*question)
        finally:
            del active[node]
        if self._lowest == depth and found:
            found = self._stable(node, depth, mark, found, compute, question)
        if self._lowest >= depth:
            found = found or UNKNOWN
            self.known[node] = found
            if len(self._log) > mark:
                self._forget(mark, depth - 1)
            self._lowest = outer
        else:
            self._provisional[node] = (found, self._lowest)
            self._log.append(node)
            self._lowest = min(outer, self._lowest)
        return found

    def _stable(
        self, node: ast.AST, depth: int, mark: int, found: Values, compute: Callable[..., Values], question: tuple[object, ...]
    ) -> Values:
        """The answer for a node that was asked for itself on its way to a first answer: computed until nothing is added."""
        for _ in range(1, MAX_ROUNDS):
            self._forget(mark, -1)
            self._lowest = _NEVER
            self._active[node] = (depth, found)
            try:
                new = found | compute(*question)
            finally:
                del self._active[node]
            if self._lowest != depth or new == found:
                return new
            found = new
        return UNKNOWN

    def _forget(self, mark: int, lowest: int) -> None:
        """Drop the provisional answers since `mark` that depend on nothing further out than `lowest`."""
        kept = []
        for node in self._log[mark:]:
            if node in self._provisional and self._provisional[node][1] <= lowest:
                kept.append(node)
            else:
                self._provisional.pop(node, None)
        self._log[mark:] = kept
