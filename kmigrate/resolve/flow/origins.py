"""Which operations on tensors of the graph end in a layer or a model, and on which way?

Asked backwards, from each layer or model that is given a tensor: through names, lists, loops, functions and attributes
to the operations that made it. What ends in losses, gradients or `K.function` is never reached.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.flow.graph import Graph
from kmigrate.resolve.flow.plain import returns
from kmigrate.resolve.flow.purity import Purity
from kmigrate.resolve.flow.shapes import Shapes
from kmigrate.resolve.roles import Roles
from kmigrate.resolve.scopes import Binding, ModuleScope, Scope
from kmigrate.resolve.values import KerasName, RawTensor, Sequence, UserFunction, UserObject

OperationNode: TypeAlias = "ast.expr | ast.AugAssign"


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation at graph level, and the call of a layer or model in which its result ends.

    `certain` is False where its tensors are only taken for tensors of the graph; `elsewhere` is the place of an operation that
    a function of another module makes, whose call is the node then.
    """

    node: OperationNode
    scope: Scope
    end: ast.Call
    certain: bool = True
    elsewhere: str | None = None


@dataclass(slots=True)
class Origins:
    """Follows tensors of one module back to the operations that made them."""

    module: ModuleScope
    evaluator: Evaluator
    roles: Roles
    graph: Graph = field(init=False)
    purity: Purity = field(init=False)
    shapes: Shapes = field(init=False)
    _seen: set[ast.AST] = field(default_factory=set)
    _followed: set[Binding] = field(default_factory=set)
    _unpacked: set[ast.AST] = field(default_factory=set)
    _abroad: set[ast.AST] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.graph = Graph(self.evaluator)
        self.purity = Purity(self.evaluator)
        self.shapes = Shapes(self.evaluator)

    def of(self, node: ast.expr, scope: Scope, end: ast.Call) -> Iterator[Operation]:
        """The operations that can have made the value of `node`; each is found once."""
        if node in self._seen:
            return
        self._seen.add(node)
        kind = self.graph.kind(node, scope)
        if kind == "tensor":
            return
        match node:
            case ast.Name():
                for binding in self.evaluator.bindings(node, scope) or ():
                    yield from self._bound(binding, end)
            case ast.List(elts=items) | ast.Tuple(elts=items):
                for item in items:
                    yield from self.of(item, scope, end)
            case ast.ListComp(elt=element) | ast.GeneratorExp(elt=element):
                yield from self.of(element, self._inside(node, scope), end)
            case ast.IfExp(body=body, orelse=orelse):
                yield from self.of(body, scope, end)
                yield from self.of(orelse, scope, end)
            case ast.Starred(value=value) | ast.NamedExpr(value=value):
                yield from self.of(value, scope, end)
            case ast.Attribute(value=ast.Name()):
                yield from self._stored(node, scope, end)
            case ast.Call():
                yield from self._called(node, scope, end)
            case ast.Subscript(value=base) if self._picks_item(node, scope):
                yield from self.of(base, scope, end)
                for value, inner in self.evaluator.stores.stored(base, node.slice, scope):
                    yield from self.of(value, inner, end)
            case ast.BinOp(left=left, op=ast.Add(), right=right) if self._joins_lists(node, scope):
                yield from self.of(left, scope, end)
                yield from self.of(right, scope, end)
            case ast.BinOp() | ast.UnaryOp() | ast.Subscript():
                yield from self._operation(node, scope, end)

    def passed(self, binding: Binding) -> Iterator[tuple[ast.expr, Scope]]:
        """What the calls in this module pass for a parameter."""
        function = binding.scope.node
        if isinstance(function, ast.Lambda) or not isinstance(binding.node, ast.arg):
            return
        owner = self.evaluator.classes.method_owner(function, binding.scope)
        spelled = owner.node.name if owner is not None and function.name == "__init__" else function.name
        positional = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
        index = positional.index(binding.name) if binding.name in positional else None
        if owner is not None and index is not None:
            index -= 1
        for call, scope in self.evaluator.callers(binding.scope.module, spelled):
            if any(isinstance(argument, ast.Starred) for argument in call.args):
                continue
            given = next((keyword.value for keyword in call.keywords if keyword.arg == binding.name), None)
            if given is None and index is not None and 0 <= index < len(call.args):
                given = call.args[index]
            if given is not None:
                yield given, scope

    def returned(self, function: UserFunction) -> Iterator[ast.expr]:
        """What a function of this module returns."""
        body = function.node
        if isinstance(body, ast.Lambda):
            yield body.body
            return
        if function.scope.module is not self.module:
            return
        yield from (statement.value for statement in returns(body) if statement.value is not None)

    # --- the way back ---------------------------------------------------------------------------------------------

    def _bound(self, binding: Binding, end: ast.Call) -> Iterator[Operation]:
        if binding in self._followed:
            return
        self._followed.add(binding)
        scope, value = binding.scope, binding.value
        match binding.kind:
            case "assign" | "unpack" | "loop" if value is not None:
                if isinstance(value, ast.Call) and binding.path:
                    self._unpacked.add(value)
                    yield from self._made_abroad(value, self._scope_of(value, scope), end, binding.path)
                yield from self.of(value, self._scope_of(value, scope), end)
                yield from self._appended(binding, end)
            case "augmented":
                statement = binding.statement
                assert isinstance(statement, ast.AugAssign)
                if self.graph.kind(statement.target, scope) in ("tensor", "raw", "maybe") or (
                    self.graph.kind(statement.value, scope) in ("tensor", "raw")
                ):
                    yield from self._operation(statement, scope, end)
            case "parameter":
                for argument, caller in self.passed(binding):
                    yield from self.of(argument, caller, end)

    def _appended(self, binding: Binding, end: ast.Call) -> Iterator[Operation]:
        """What is appended to a list."""
        if not isinstance(binding.value, ast.List):
            return
        for call, scope in self.evaluator.callers(binding.scope.module, "append"):
            held = call.func.value if isinstance(call.func, ast.Attribute) else None
            if isinstance(held, ast.Name) and call.args and binding in (self.evaluator.bindings(held, scope) or ()):
                yield from self.of(call.args[0], scope, end)

    def _stored(self, node: ast.Attribute, scope: Scope, end: ast.Call) -> Iterator[Operation]:
        for value in self.evaluator.values(node.value, scope):
            if isinstance(value, UserObject):
                stores = self.evaluator.classes.stores(value.cls.module).get(value.cls.node, {})
                for store, inner in stores.get(node.attr, ()):
                    statement = inner.module.parents.get(store)
                    if isinstance(statement, ast.Assign):
                        yield from self.of(statement.value, inner, end)

    def _called(self, node: ast.Call, scope: Scope, end: ast.Call) -> Iterator[Operation]:
        functions = self.evaluator.values(node.func, scope)
        users = [value for value in functions if isinstance(value, UserFunction)]
        if users and len(users) == len(functions):
            if self.is_operation(node, scope):
                yield from self._operation(node, scope, end)
                return
            for function in users:
                for result in self.returned(function):
                    yield from self.of(result, function.scope, end)
            if node not in self._unpacked:
                yield from self._made_abroad(node, scope, end, ())
        elif self.is_operation(node, scope):
            yield from self._operation(node, scope, end)
        elif isinstance(node.func, ast.Name) and node.func.id in ("list", "tuple", "reversed", "sorted"):
            for argument in node.args[:1]:
                yield from self.of(argument, scope, end)

    def _made_abroad(self, node: ast.Call, scope: Scope, end: ast.Call, path: tuple[int, ...]) -> Iterator[Operation]:
        """A call of a function of another module whose result, or the item of it that `path` picks, an operation makes there."""
        if self.module is not scope.module:
            return
        for function in self.evaluator.values(node.func, scope):
            module = function.scope.module if isinstance(function, UserFunction) else self.module
            if module is self.module or not isinstance(function, UserFunction) or function.node in self._abroad:
                continue
            if not self.roles.builds_graph(scope):
                return
            there = Origins(module, self.evaluator, Roles(module, self.evaluator))
            there._abroad = {*self._abroad, function.node}
            for result in there.returned(function):
                made = next(there.of(_item(result, path), function.scope, end), None)
                if made is not None:
                    place = made.elsewhere or f"{module.key}:{made.node.lineno}"
                    yield Operation(node, scope, end, certain=False, elsewhere=place)
                    return

    def _operation(self, node: OperationNode, scope: Scope, end: ast.Call) -> Iterator[Operation]:
        if scope.module is not self.module:
            return
        kinds = {self.graph.kind(operand, inner) for operand, inner in self._operands(node, scope)}
        certain = bool(kinds & {"tensor", "raw", "list"})
        perhaps = bool(kinds & {"maybe", "unknown"}) and not isinstance(node, ast.Subscript)
        if (certain or perhaps) and self.roles.builds_graph(scope):
            yield Operation(node, scope, end, certain=certain)

    # --- operations -----------------------------------------------------------------------------------------------

    def is_operation(self, node: ast.expr, scope: Scope) -> bool:
        """Whether a call computes a tensor without being a layer: the backend's, another library's, a pure function's."""
        if not isinstance(node, ast.Call):
            if isinstance(node, ast.Subscript):
                return not self._picks_item(node, scope)
            return isinstance(node, ast.BinOp | ast.UnaryOp)
        functions = self.evaluator.values(node.func, scope)
        if not functions:
            return False
        if all(isinstance(value, UserFunction) for value in functions):
            values = self.evaluator.values(node, scope)
            raw = bool(values) and all(isinstance(value, RawTensor) for value in values)
            return raw and all(self.purity.pure(value) for value in functions if isinstance(value, UserFunction))
        keras = self.evaluator.world.keras
        backend = [keras.get(value.path) for value in functions if isinstance(value, KerasName)]
        if len(backend) == len(functions):
            return all(found is not None and found.returns == "backend_tensor" for found in backend)
        return self.graph.made_elsewhere(node, scope)

    def _operands(self, node: OperationNode, scope: Scope) -> Iterator[tuple[ast.expr, Scope]]:
        """What an operation is applied to, operations inside it opened."""
        match node:
            case ast.AugAssign(target=target, value=value):
                parts: list[ast.expr] = [target, value]
            case ast.BinOp(left=left, right=right):
                parts = [left, right]
            case ast.UnaryOp(operand=operand):
                parts = [operand]
            case ast.Subscript(value=value):
                parts = [value]
            case ast.Call(func=func, args=args, keywords=keywords):
                parts = [*args, *(keyword.value for keyword in keywords)]
                if isinstance(func, ast.Attribute):
                    parts.append(func.value)
            case _:
                parts = []
        for part in parts:
            for item in part.elts if isinstance(part, ast.List | ast.Tuple) else [part]:
                yield item, scope

    def _picks_item(self, node: ast.Subscript, scope: Scope) -> bool:
        """Whether this takes an item of a list: also of the outputs of a layer or model, where it is one number."""
        values = self.evaluator.values(node.value, scope)
        if values and all(isinstance(value, Sequence) for value in values):
            return True
        plain = not isinstance(node.slice, ast.Slice | ast.Tuple) and not self._backend_tensor(node.value, scope)
        return plain and self.shapes.of(node.value, scope) is None

    def _backend_tensor(self, node: ast.expr, scope: Scope) -> bool:
        """Whether this is a call of the backend that gives one tensor (`K.shape(x)`)."""
        functions = self.evaluator.values(node.func, scope) if isinstance(node, ast.Call) else ()
        keras = self.evaluator.world.keras
        found = [keras.get(value.path) for value in functions if isinstance(value, KerasName)]
        return bool(found) and all(item is not None and item.returns == "backend_tensor" for item in found)

    def _joins_lists(self, node: ast.BinOp, scope: Scope) -> bool:
        """Whether this joins lists; of what nobody knows, `a + b` may be that."""
        sides = (node.left, node.right)
        if any(isinstance(side, ast.List | ast.Tuple | ast.ListComp) for side in sides):
            return True
        values = [self.evaluator.values(side, scope) for side in sides]
        if any(isinstance(value, Sequence) for found in values for value in found):
            return True
        return {self.graph.kind(side, scope) for side in sides} <= {"unknown"}

    def _inside(self, node: ast.expr, scope: Scope) -> Scope:
        return scope.module.scope_of.get(node, scope)

    def _scope_of(self, value: ast.expr, scope: Scope) -> Scope:
        """The scope in which the value of a binding stands: the first iterable of a comprehension stands outside."""
        if scope.kind == "comprehension" and scope.parent is not None and scope.node.generators[0].iter is value:
            return scope.parent
        return scope


def _item(result: ast.expr, path: tuple[int, ...]) -> ast.expr:
    """The item of a tuple that is written out, as far as the path can be followed."""
    for index in path:
        if not isinstance(result, ast.Tuple | ast.List) or any(isinstance(item, ast.Starred) for item in result.elts):
            break
        if index >= len(result.elts):
            break
        result = result.elts[index]
    return result
