"""Is an expression a tensor of the graph of layers, an operation on one, perhaps one, or none?"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import KerasName, Other, RawTensor, Sequence, Tensor, Unknown, Values, of_graph

Kind: TypeAlias = Literal["tensor", "raw", "maybe", "list", "unknown", "none"]
"""tensor: output of a layer; raw: made from one by an operation; maybe: one of these or unknown; list: of these."""

LIBRARIES = ("tensorflow", "theano")
"""Libraries whose functions, applied to tensors of the graph, make tensors."""

_METHODS = frozenset(
    "dimshuffle reshape sum mean max min flatten transpose dot argmax std var prod norm repeat ravel astype clip".split()
)
"""Methods of Theano's tensors that make tensors."""

_ABOUT = frozenset("shape size rank Print assert_equal".split())
"""Functions of those libraries that tell of a tensor, or only hand it on."""


@dataclass(slots=True)
class Graph:
    """Answers by the evaluator's values, and by what other libraries make of tensors."""

    evaluator: Evaluator
    _active: set[ast.AST] = field(default_factory=set)
    _known: dict[ast.AST, Kind] = field(default_factory=dict)

    def kind(self, node: ast.expr, scope: Scope) -> Kind:
        """What `node`, standing in `scope`, is."""
        if node in self._known:
            return self._known[node]
        if node in self._active:
            return "none"
        self._active.add(node)
        try:
            found = self._known[node] = self._kind(node, scope)
        finally:
            self._active.discard(node)
        return found

    def made_elsewhere(self, node: ast.expr, scope: Scope) -> bool:
        """Whether another library's function or method makes a tensor here from one of the graph."""
        if not isinstance(node, ast.Call):
            return False
        func = node.func
        if isinstance(func, ast.Attribute) and func.attr in _METHODS and self._graphlike(func.value, scope):
            return True
        if self.library(func, scope) is None or (isinstance(func, ast.Attribute) and func.attr in _ABOUT):
            return False
        return any(self._graphlike(item, scope) for argument in _arguments(node) for item in _opened(argument))

    def library(self, func: ast.expr, scope: Scope) -> str | None:
        """Which library of tensors a function belongs to."""
        root = func
        while isinstance(root, ast.Attribute):
            root = root.value
        bindings = self.evaluator.bindings(root, scope) if isinstance(root, ast.Name) else None
        for binding in bindings or ():
            statement = binding.statement
            if isinstance(statement, ast.ImportFrom):
                path = statement.module or ""
            elif isinstance(statement, ast.Import) and isinstance(binding.node, ast.alias):
                path = binding.node.name
            else:
                continue
            if path.partition(".")[0] in LIBRARIES:
                return path.partition(".")[0]
        return None

    def _kind(self, node: ast.expr, scope: Scope) -> Kind:
        values = self.evaluator.values(node, scope)
        if not values:
            return "unknown"
        graph = sum(of_graph(values_of) for values_of in values)
        if graph == len(values):
            return "tensor" if all(isinstance(value, Tensor) for value in values) else "raw"
        if graph:
            return "maybe"
        if all(isinstance(value, Sequence) for value in values):
            items = frozenset().union(*(item for value in values for item in value.items))  # type: ignore[union-attr]
            return "list" if items and all(of_graph(item) for item in items) else "none"
        if all(isinstance(value, Unknown) for value in values):
            return "unknown"
        return self._foreign(node, scope, values)

    def _foreign(self, node: ast.expr, scope: Scope, values: Values) -> Kind:
        if not all(isinstance(value, Other | RawTensor) for value in values):
            return "none"
        if self.made_elsewhere(node, scope):
            return "raw"
        if isinstance(node, ast.Name):
            bindings = self.evaluator.bindings(node, scope) or ()
            made = [
                binding.assigned is not None and self.made_elsewhere(binding.assigned, binding.scope)
                for binding in bindings
            ]  # fmt: skip
            if made and any(made):
                return "raw" if all(made) else "maybe"
        if isinstance(node, ast.BinOp) and "raw" in (self.kind(node.left, scope), self.kind(node.right, scope)):
            return "raw"
        if self._backend(node, scope):
            assert isinstance(node, ast.Call)
            kinds = {self.kind(item, scope) for argument in _arguments(node) for item in _opened(argument)}
            return "raw" if "raw" in kinds else "none"
        return "none"

    def _backend(self, node: ast.expr, scope: Scope) -> bool:
        if not isinstance(node, ast.Call):
            return False
        values = self.evaluator.values(node.func, scope)
        return bool(values) and all(
            isinstance(value, KerasName) and value.path.startswith("keras.backend.") for value in values
        )

    def _graphlike(self, node: ast.expr, scope: Scope) -> bool:
        return self.kind(node, scope) in ("tensor", "raw", "maybe", "list")


def _arguments(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def _opened(node: ast.expr) -> list[ast.expr]:
    return list(node.elts) if isinstance(node, ast.List | ast.Tuple) else [node]
