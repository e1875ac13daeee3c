"""What is an operation made of: the tensors it is applied to, what else it reads, and why it may be no function of them?"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kmigrate.resolve.flow.graph import Kind
from kmigrate.resolve.flow.origins import Operation, Origins
from kmigrate.resolve.scopes import Binding, Scope
from kmigrate.resolve.values import KerasName, Unknown, only
from kmigrate.resolve.ways import in_loop

NUMBERS = frozenset(
    "alpha axes axis border_mode dim dim_ordering dtype epsilon keepdims level max_value min_value n ndim noise_shape padding "
    "pattern pool_mode pool_size rep seed shape strides".split()
)
"""Parameters of backend functions that take numbers, shapes and words."""


@dataclass(frozen=True, slots=True)
class Anatomy:
    """tensors: outermost expressions that are tensors of the graph (or lists of them), in the order of the text;
    captured: names that may have another value later, so that a function must take them along;
    obstacle: why the operation can't be written as a function of its tensors.
    """

    tensors: tuple[tuple[ast.expr, Scope], ...]
    captured: tuple[str, ...]
    obstacle: str | None
    lists: bool


def anatomy(operation: Operation, origins: Origins) -> Anatomy:
    """The parts of an operation."""
    return _Walk(operation, origins).parts()


def reached(origins: Origins, given: Iterable[tuple[ast.expr, Scope, ast.Call]]) -> Iterator[Operation]:
    """All operations that end in what layers and models are given, those behind other operations included."""
    pending = [operation for argument, scope, end in given for operation in origins.of(argument, scope, end)]
    while pending:
        operation = pending.pop(0)
        yield operation
        for tensor, scope in anatomy(operation, origins).tensors:
            pending.extend(origins.of(tensor, scope, operation.end))


@dataclass(slots=True)
class _Walk:
    operation: Operation
    origins: Origins
    tensors: list[tuple[ast.expr, Scope]] = field(default_factory=list)
    names: list[tuple[ast.Name, Scope]] = field(default_factory=list)
    numbers: set[ast.AST] = field(default_factory=set)
    inner: list[Scope] = field(default_factory=list)
    obstacle: str | None = None
    lists: int = 0

    def parts(self) -> Anatomy:
        node, scope = self.operation.node, self.operation.scope
        self.numbers.update(inner for place in self._number_places(node, scope) for inner in ast.walk(place))
        if isinstance(node, ast.AugAssign):
            self._visit(node.target, scope)
            self._visit(node.value, scope)
        else:
            for child in ast.iter_child_nodes(node):
                self._visit(child, scope)
        captured = tuple(dict.fromkeys(name for name in self._captured()))
        if self.obstacle is None and not self.tensors:
            self.obstacle = "its tensors can't be told apart from its numbers"
        if self.obstacle is None and self.lists and len(self.tensors) > 1:
            self.obstacle = "it takes a list of tensors beside others"
        return Anatomy(tuple(self.tensors), captured, self.obstacle, bool(self.lists))

    def _visit(self, node: ast.AST, scope: Scope) -> None:
        if isinstance(node, ast.expr) and self._tensor(node, scope):
            return
        match node:
            case ast.Lambda() | ast.ListComp() | ast.GeneratorExp() | ast.SetComp() | ast.DictComp():
                inner = scope.module.scope_of[node]
                self.inner.append(inner)
                self._comprehended(node, scope, inner)
            case ast.NamedExpr() | ast.Yield() | ast.YieldFrom() | ast.Await():
                self.obstacle = self.obstacle or "it binds a name, or yields"
            case ast.Name():
                self.names.append((node, scope))
            case _:
                self.numbers.update(inner for place in self._number_places(node, scope) for inner in ast.walk(place))
                for child in ast.iter_child_nodes(node):
                    self._visit(child, scope)

    def _number_places(self, node: ast.AST, scope: Scope) -> Iterator[ast.expr]:
        """Where no layer's output can stand: indices, and parameters of the backend such as `axis` and `shape`."""
        if isinstance(node, ast.Subscript):
            yield node.slice
        if not isinstance(node, ast.Call):
            return
        called = only(self.origins.evaluator.values(node.func, scope))
        found = self.origins.evaluator.world.keras.get(called.path) if isinstance(called, KerasName) else None
        if found is None or found.signature is None or not found.path.startswith("keras.backend."):
            return
        bound = zip(found.signature.positional, node.args, strict=False)
        yield from (value for parameter, value in bound if parameter.name in NUMBERS)
        yield from (keyword.value for keyword in node.keywords if keyword.arg in NUMBERS)

    def _comprehended(self, node: ast.AST, scope: Scope, inner: Scope) -> None:
        generators: list[ast.comprehension] = getattr(node, "generators", [])
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.comprehension):
                first = child is generators[0]
                self._visit(child.iter, scope if first else inner)
                for condition in child.ifs:
                    self._visit(condition, inner)
            elif not isinstance(child, ast.arguments):
                self._visit(child, inner)

    def _tensor(self, node: ast.expr, scope: Scope) -> bool:
        """Take a tensor of the graph, unless an operation here makes it."""
        kind = self.origins.graph.kind(node, scope)
        if kind == "list" and isinstance(node, ast.Name | ast.Attribute | ast.ListComp):
            raw = isinstance(node, ast.ListComp) and self.origins.is_operation(node.elt, scope.module.scope_of[node])
            if raw:
                return False
            self.lists += 1
        elif not self._graph_tensor(node, scope, kind):
            return False
        for name in ast.walk(node):
            if isinstance(name, ast.Name) and any(name.id in scope_.bindings for scope_ in self.inner):
                self.obstacle = self.obstacle or "a layer is applied inside a comprehension"
        parent = scope.module.parents.get(node)
        if isinstance(parent, ast.Attribute) and not isinstance(node, ast.Name):
            self.obstacle = self.obstacle or "an attribute of a tensor is read that has no name"
        self.tensors.append((node, scope))
        return True

    def _graph_tensor(self, node: ast.expr, scope: Scope, kind: Kind) -> bool:
        """Whether this is a tensor that something else than the operation made."""
        if kind == "tensor":
            return True
        named = isinstance(node, ast.Name | ast.Attribute)
        return (kind == "raw" or (kind == "maybe" and named)) and not self.origins.is_operation(node, scope)

    def _captured(self) -> Iterator[str]:
        for name, scope in self.names:
            owner = scope.lookup(name.id)
            if owner is None or owner in self.inner or name.id not in owner.bindings:
                continue
            bindings = owner.bindings[name.id]
            if any(binding.kind in ("function", "class", "import", "from", "star") for binding in bindings):
                if len(bindings) > 1:
                    self.obstacle = self.obstacle or f"`{name.id}` can be several things"
                continue
            values = self.origins.evaluator.values(name, scope)
            if name not in self.numbers and any(isinstance(value, Unknown) for value in values):
                self.obstacle = self.obstacle or f"nobody can tell whether `{name.id}` is a tensor"
            if owner.kind == "comprehension" or len(bindings) > 1 or _made_again(bindings[0]):
                yield name.id


def _made_again(binding: Binding) -> bool:
    """Whether the binding is made more than once."""
    return in_loop(binding.node, binding.scope.node, binding.scope.module.parents)
