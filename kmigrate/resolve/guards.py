"""Which code runs on one Keras only, or on none: branches on `keras.__version__` and on what Keras has, and imports that stand
in for each other."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from kmigrate.keras.signatures import KERAS_1, knowledge
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import ModuleScope, Scope
from kmigrate.resolve.values import Instance, KerasModule, KerasName, NewName, UserObject

_PARSERS = frozenset({"LooseVersion", "StrictVersion", "parse_version", "parse", "Version"})
_NUMBER = re.compile(r"\d+")
_BUILTINS: dict[str, Callable[[Any], object]] = {"int": int, "float": float, "str": str}
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], object]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}  # fmt: skip


class _Unclear(Exception):
    """The expression is no plain question about the version."""


def inside(scopes: ModuleScope, node: ast.AST, statements: frozenset[ast.stmt]) -> bool:
    """Whether a node stands in one of the statements."""
    current: ast.AST | None = node
    while current is not None:
        if current in statements:
            return True
        current = scopes.parents.get(current)
    return False


def guarded(scopes: ModuleScope, evaluator: Evaluator, versions: tuple[str, ...], text: str) -> frozenset[ast.stmt]:
    """The statements that run on Keras 1 alone, on these versions of Keras 2 alone, or on neither; what is in them stays."""
    found: set[ast.stmt] = set()
    asking = _asking(scopes, evaluator) if "__version__" in text or "hasattr" in text else ()
    if asking:
        test = _Test(evaluator)
        for node, scope in scopes.branches:
            if node in asking:
                found.update(_branches(test, node, scope, versions))
    for binding in scopes.imports:
        parent = scopes.parents.get(binding.statement) if binding.statement is not None else None
        if isinstance(parent, ast.Try):
            found.update(_imports(scopes, evaluator, parent))
    return frozenset(found)


def _asking(scopes: ModuleScope, evaluator: Evaluator) -> set[ast.stmt]:
    """The statements in which the version of Keras stands, a question whether something has a name, or a name that may hold
    either."""
    nodes: list[ast.AST] = [
        node for node, scope in scopes.attributes.get("__version__", ())
        if evaluator.values(node.value, scope) == {KerasModule("keras")}
    ]  # fmt: skip
    nodes += [load for load, _ in scopes.loads.get("hasattr", ())]
    names = [
        binding.name for binding in scopes.imports
        if isinstance(binding.node, ast.alias) and binding.node.name == "__version__"
    ]  # fmt: skip
    holding: set[str] = set()
    found: set[ast.stmt] = set()
    while nodes or names:
        for node in nodes:
            statement, given = _given(scopes, node)
            found.add(statement)
            names += given
        nodes = [load for name in names if name not in holding for load, _ in scopes.loads.get(name, ())]
        holding.update(names)
        names = []
    return found


def _given(scopes: ModuleScope, node: ast.AST) -> tuple[ast.stmt, list[str]]:
    """The statement that a node stands in, and the names that get what it is part of."""
    targets: list[ast.expr] = []
    while not isinstance(node, ast.stmt):
        node = scopes.parents[node]
        if isinstance(node, ast.NamedExpr | ast.AnnAssign):
            targets.append(node.target)
        elif isinstance(node, ast.Assign):
            targets += node.targets
    return node, [target.id for target in targets if isinstance(target, ast.Name)]


def _branches(test: _Test, node: ast.If, scope: Scope, versions: tuple[str, ...]) -> Iterator[ast.stmt]:
    try:
        on_keras_1 = bool(test.value(node.test, scope, KERAS_1))
        on_keras_2 = {bool(test.value(node.test, scope, version)) for version in versions}
    except _Unclear:
        return
    if len(on_keras_2) > 1:
        return
    answers = {on_keras_1, *on_keras_2}
    if answers != {True}:
        yield from node.body
    if answers != {False}:
        yield from node.orelse


def _imports(scopes: ModuleScope, evaluator: Evaluator, node: ast.Try) -> Iterator[ast.stmt]:
    """`try: from keras.layers import Conv2D ... except ImportError: from keras.layers import Convolution2D as Conv2D`."""
    blocks = [node.body, *(handler.body for handler in node.handlers)]
    statements = [statement for block in blocks for statement in block]
    if len(blocks) < 2 or not all(isinstance(statement, ast.ImportFrom | ast.Import | ast.Pass) for statement in statements):
        return
    values = [
        evaluator.world.keras_value(f"{statement.module}.{alias.name}")
        for statement in statements
        if isinstance(statement, ast.ImportFrom) and (statement.module or "").split(".")[0] == "keras"
        for alias in statement.names
    ]
    if any(isinstance(value, NewName) for value in values) and any(isinstance(value, KerasName) for value in values):
        yield from statements


@dataclass(frozen=True, slots=True)
class _Test:
    """Computes a condition for one version of Keras, as far as it asks about nothing else."""

    evaluator: Evaluator

    def value(self, node: ast.expr, scope: Scope, version: str, depth: int = 0) -> object:
        """Raises _Unclear."""
        if depth > 20:
            raise _Unclear
        if self._is_version(node, scope):
            return version

        def inner(part: ast.expr) -> object:
            return self.value(part, scope, version, depth + 1)

        match node:
            case ast.Constant(value=value):
                return value
            case ast.Tuple(elts=items) | ast.List(elts=items):
                return tuple(inner(item) for item in items)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return not inner(operand)
            case ast.BoolOp(op=op, values=parts):
                results = [bool(inner(part)) for part in parts]
                return all(results) if isinstance(op, ast.And) else any(results)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return _compared(inner(left), op, inner(right))
            case ast.Subscript(value=value, slice=index):
                return _item(inner(value), index)
            case ast.Call(func=ast.Name(id="hasattr"), args=[owner, ast.Constant(value=str(name))]):
                return self._has(owner, scope, name, version)
            case ast.Call(func=ast.Name(id="int" | "float" | "str" as name), args=[argument]):
                return _number(name, inner(argument))
            case ast.Call(func=ast.Attribute(value=owner, attr="split" | "startswith" as method), args=[argument]):
                text, given = inner(owner), inner(argument)
                if isinstance(text, str) and isinstance(given, str):
                    return tuple(text.split(given)) if method == "split" else text.startswith(given)
                raise _Unclear
            case ast.Call(func=func, args=[argument]) if _called(func) in _PARSERS:
                return tuple(int(part) for part in _NUMBER.findall(str(inner(argument))))
            case ast.Name():
                made = self.evaluator.assigned_once(node, scope)
                if made is not None:
                    return self.value(*made, version, depth + 1)
                raise _Unclear
            case _:
                raise _Unclear

    def _is_version(self, node: ast.expr, scope: Scope) -> bool:
        if isinstance(node, ast.Attribute) and node.attr == "__version__":
            return self.evaluator.values(node.value, scope) == {KerasModule("keras")}
        if isinstance(node, ast.Name):
            values = self.evaluator.values(node, scope)
            return bool(values) and all(isinstance(v, KerasName) and v.path == "keras.__version__" for v in values)
        return False

    def _has(self, node: ast.expr, scope: Scope, name: str, version: str) -> bool:
        """Whether a module of Keras, or an object of one of its classes, has a name; raises _Unclear.

        Of objects the methods count: whether an attribute is set may depend on what was done before.
        """
        values = self.evaluator.values(node, scope)
        if len(values) != 1:
            raise _Unclear
        keras = knowledge(version)
        match next(iter(values)):
            case KerasModule(path) if keras.is_module(path):
                return keras.canonical(f"{path}.{name}") is not None
            case Instance(cls) if keras.get(cls) is not None and self._is_method(cls, name):
                return keras.member(cls, name) is not None
            case UserObject(cls=user):
                for base in self.evaluator.classes.keras_bases(user):
                    if self._is_method(base, name) and keras.member(base, name) is not None:
                        return True
        raise _Unclear

    def _is_method(self, cls: str, name: str) -> bool:
        """Whether a class has a method of this name in Keras 1 or a target, and nothing else of this name in another."""
        world = self.evaluator.world
        members = [member for keras in (world.keras, *world.targets) if (member := keras.member(cls, name)) is not None]
        return bool(members) and all(member.kind == "method" for member in members)


def _called(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def _compared(left: Any, op: ast.cmpop, right: Any) -> bool:
    compare = _COMPARISONS.get(type(op))
    if compare is None:
        raise _Unclear
    try:
        return bool(compare(left, right))
    except TypeError as error:
        raise _Unclear from error


def _item(value: object, index: ast.expr) -> object:
    if not isinstance(value, str | tuple):
        raise _Unclear
    try:
        if isinstance(index, ast.Slice):
            return value[slice(_bound(index.lower), _bound(index.upper))]
        return value[operator.index(ast.literal_eval(index))]
    except (IndexError, TypeError, ValueError) as error:
        raise _Unclear from error


def _bound(node: ast.expr | None) -> int | None:
    return None if node is None else operator.index(ast.literal_eval(node))


def _number(name: str, value: Any) -> object:
    try:
        return _BUILTINS[name](value)
    except (TypeError, ValueError) as error:
        raise _Unclear from error
