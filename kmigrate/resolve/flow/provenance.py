"""Why is an expression taken for a tensor of the graph, or not: from where does it come, step by step?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from kmigrate.resolve.flow.origins import Origins
from kmigrate.resolve.scopes import Binding, Scope
from kmigrate.resolve.values import Instance, KerasName, Tensor, UserFunction, UserObject, Value

DEEPEST = 8
"""So many steps back are told."""

WIDEST = 3
"""Of so many ways in which a name can get its value."""

_KINDS = {
    "tensor": "a tensor of the graph of layers",
    "raw": "made from tensors of the graph of layers, but no layer's output",
    "maybe": "perhaps a tensor of the graph of layers",
    "list": "a list of tensors of the graph of layers",
    "unknown": "unknown",
    "none": "no tensor of the graph of layers",
}
_WAYS = {"from": "an import", "import": "an import", "function": "a definition", "class": "a definition", "with": "a `with`"}


@dataclass(frozen=True, slots=True)
class Step:
    """One expression: its text, where it stands, what it is, and the steps from which that follows."""

    text: str
    place: str
    what: str
    because: tuple[Step, ...] = ()


@dataclass(slots=True)
class Provenance:
    """Tells where the expressions of one module come from."""

    origins: Origins
    _told: set[ast.AST] = field(default_factory=set)

    def of(self, node: ast.expr, scope: Scope) -> Step:
        """What an expression is taken for, and why."""
        self._told = set()
        return self._step(node, scope, 0)

    def _step(self, node: ast.expr, scope: Scope, depth: int) -> Step:
        kind = self.origins.graph.kind(node, scope)
        what = _KINDS[kind]
        reason = self._reason(node, scope) if kind == "none" or not isinstance(node, ast.Name) else None
        because: tuple[Step, ...] = ()
        if depth < DEEPEST and node not in self._told:
            self._told.add(node)
            because = tuple(self._because(node, scope, depth + 1))
        return Step(_short(node), _place(node, scope), f"{what}: {reason}" if reason else what, because)

    def _reason(self, node: ast.expr, scope: Scope) -> str | None:
        match node:
            case ast.Call(func=func):
                reasons = {self._called(value) for value in self.origins.evaluator.values(func, scope)}
                made = self.origins.graph.library(func, scope)
                return " or ".join(sorted(reasons - {""})) or (f"what {made} makes" if made else None)
            case ast.Constant():
                return "a literal"
            case ast.BinOp() | ast.UnaryOp() if self.origins.graph.kind(node, scope) == "raw":
                return "an operator's result"
            case ast.Subscript() if self.origins.is_operation(node, scope):
                return "a slice"
            case ast.Name() if not self.origins.evaluator.bindings(node, scope):
                return "nothing in sight binds this name"
            case _:
                return None

    def _called(self, value: Value) -> str:
        match value:
            case Instance(cls):
                return f"what an object of {cls} returns"
            case KerasName(path):
                return f"what {path} returns"
            case UserFunction(node=node):
                return f"what `{getattr(node, 'name', 'a lambda')}` (line {node.lineno}) returns"
            case UserObject(cls=cls):
                return f"what an object of `{cls.node.name}` returns"
            case Tensor():
                return "what a tensor returns"
            case _:
                return ""

    def _because(self, node: ast.expr, scope: Scope, depth: int) -> Iterator[Step]:
        match node:
            case ast.Name():
                bindings = sorted(self.origins.evaluator.bindings(node, scope) or (), key=_line)
                for binding in bindings[:WIDEST]:
                    yield from self._bound(binding, depth)
            case ast.Call(func=func):
                users = [v for v in self.origins.evaluator.values(func, scope) if isinstance(v, UserFunction)]
                for function in users[:1]:
                    yield from self._returned(function, depth)
                for argument in node.args if not users else ():
                    if self._worth_telling(argument, scope):
                        yield self._step(argument, scope, depth)
            case ast.BinOp(left=left, right=right):
                yield from (self._step(side, scope, depth) for side in (left, right) if self._worth_telling(side, scope))
            case ast.UnaryOp(operand=value) | ast.Subscript(value=value):
                yield self._step(value, scope, depth)
            case ast.List(elts=items) | ast.Tuple(elts=items):
                yield from (self._step(item, scope, depth) for item in items[:WIDEST] if self._worth_telling(item, scope))

    def _bound(self, binding: Binding, depth: int) -> Iterator[Step]:
        value = binding.value
        if binding.kind == "parameter" and isinstance(binding.node, ast.arg):
            text = f"the parameter `{binding.name}`"
            passed = list(self._passed(binding, depth))
            what = "whatever its callers pass" if passed else "nobody in sight calls the function"
            yield Step(text, _place(binding.node, binding.scope), what, tuple(passed))
        elif value is not None and binding.kind in ("assign", "unpack", "loop", "augmented"):
            yield self._step(value, binding.scope, depth)
        else:
            yield Step(binding.name, _place(binding.node, binding.scope), f"bound by {_WAYS.get(binding.kind, binding.kind)}")

    def _passed(self, binding: Binding, depth: int) -> Iterator[Step]:
        if depth >= DEEPEST:
            return
        for argument, scope in [*self.origins.passed(binding)][:WIDEST]:
            yield self._step(argument, scope, depth + 1)

    def _returned(self, function: UserFunction, depth: int) -> Iterator[Step]:
        for value in [*self.origins.returned(function)][:WIDEST]:
            yield self._step(value, function.scope, depth)

    def _worth_telling(self, node: ast.expr, scope: Scope) -> bool:
        return self.origins.graph.kind(node, scope) != "none"


def _short(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 60 else f"{text[:57]}..."


def _place(node: ast.AST, scope: Scope) -> str:
    return f"{scope.module.key}:{getattr(node, 'lineno', 0)}"


def _line(binding: Binding) -> int:
    return getattr(binding.node, "lineno", 0)
