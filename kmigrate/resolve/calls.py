"""What can a call give: of Keras by the tables, of the user's functions by what they return?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from kmigrate.resolve.builtin_calls import builtin_call
from kmigrate.resolve.dicts import ASKING, asked_dict, made_dict
from kmigrate.resolve.dynamic_imports import module_of_text, text_imported
from kmigrate.resolve.operators import items, union
from kmigrate.resolve.partials import is_partial
from kmigrate.resolve.returns import results
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import (
    NONE,
    NOTHING,
    OTHER,
    TENSOR,
    UNKNOWN,
    Instance,
    KerasMember,
    KerasName,
    NewName,
    Other,
    Partial,
    RawTensor,
    Result,
    Sequence,
    UserClass,
    UserFunction,
    UserObject,
    Value,
    Values,
    of_graph,
)

if TYPE_CHECKING:
    from kmigrate.resolve.evaluate import Evaluator


class Calls:
    """Answers for calls; what a function returns is looked for once."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._returned: dict[ast.AST, tuple[ast.expr | None, ...]] = {}

    def value(self, node: ast.Call, scope: Scope) -> Values:
        """Everything that a call expression can be."""
        func = node.func
        if isinstance(func, ast.Attribute) and func.attr in ASKING:
            held = asked_dict(self._evaluator, node, scope)
            if held is not None:
                return held
        functions = self._evaluator.values(func, scope)
        if isinstance(func, ast.Name) and not scope.binds(func.id):
            special = builtin_call(self._evaluator, func.id, node, scope)
            if special is not None:
                return special
        if functions == OTHER and node.args and is_partial(self._evaluator, func, scope):
            inner = self._evaluator.values(node.args[0], scope)
            return frozenset(Partial(value, node) for value in inner)
        if functions == OTHER and text_imported(self._evaluator, node, scope) is not None:
            return module_of_text(self._evaluator, node)
        if len(functions) == 1:
            return self.result(next(iter(functions)), node, scope)
        return union(self.result(function, node, scope) for function in functions)

    def result(self, function: Value, call: ast.Call, scope: Scope) -> Values:
        """Everything that calling `function` can give."""
        match function:
            case Other():
                called = call.func
                name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
                if name == "OrderedDict":
                    return made_dict(self._evaluator, call, scope)
                if name == "choice" and call.args:  # of random, of numpy
                    found = items(self._evaluator.values(call.args[0], scope))
                    return found if found and found != UNKNOWN else OTHER
                return UNKNOWN if name in _GIVES_ANYTHING else OTHER
            case KerasName(path):
                return self._keras_call(path, call, scope)
            case KerasMember(cls, name):
                member = self._evaluator.world.keras.member(cls, name)
                return self.returned(member.returns, f"{cls}.{name}") if member is not None else UNKNOWN
            case Instance(cls):
                if self._evaluator.classes.is_a(cls, "keras.layers.Layer"):
                    return TENSOR
                return UNKNOWN
            case NewName(path):
                return _OF_NEW_NAMES.get(path, UNKNOWN)
            case UserClass():
                return frozenset({UserObject(function)})
            case UserObject(cls):
                if self._evaluator.classes.inherits(cls, "keras.layers.Layer"):
                    return TENSOR
                return self._call_methods(cls, call, scope)
            case UserFunction():
                return self._returns(function)
            case Partial(inner):
                return self.result(inner, call, scope)
            case _:
                return UNKNOWN

    def returned(self, returns: str | None, name: str) -> Values:
        """What the tables say a function returns."""
        if returns is None:
            return frozenset({Result(name)})
        if returns == "keras_tensor":
            return TENSOR
        if returns == "backend_tensor":
            return frozenset({RawTensor(False)})
        return frozenset({Instance(returns)})

    def _keras_call(self, path: str, call: ast.Call, scope: Scope) -> Values:
        found = self._evaluator.world.keras.get(path)
        if found is None:
            return UNKNOWN
        if found.kind == "class":
            return frozenset({Instance(path)})
        if found.returns == "backend_tensor":
            arguments = (*call.args, *(keyword.value for keyword in call.keywords))
            return frozenset({RawTensor(any(self.of_graph(argument, scope) for argument in arguments))})
        return self.returned(found.returns, path)

    def of_graph(self, node: ast.expr, scope: Scope) -> bool:
        """Whether the expression holds a tensor of the graph of layers, or was made from one."""
        pending = list(self._evaluator.values(node, scope))
        while pending:
            value = pending.pop()
            if of_graph(value):
                return True
            if isinstance(value, Sequence):
                pending.extend(inner for item in value.items for inner in item)
        return False

    def _returns(self, function: UserFunction) -> Values:
        node = function.node
        if isinstance(node, ast.Lambda):
            return self._evaluator.values(node.body, function.scope)
        if isinstance(node, ast.AsyncFunctionDef):
            return UNKNOWN
        if node not in self._returned:
            self._returned[node] = tuple(results(node))
        if any(isinstance(result, ast.Yield | ast.YieldFrom) for result in self._returned[node]):
            return frozenset({Sequence((self._yielded(node, function.scope),), homogeneous=True)})
        found = NOTHING
        for result in self._returned[node]:
            found |= self._evaluator.values(result, function.scope) if result is not None else OTHER
        return found if self._returned[node] else OTHER  # nothing yet where what it returns is under way

    def _yielded(self, node: ast.FunctionDef, scope: Scope) -> Values:
        """Everything that a generator can give."""
        found = NOTHING
        for result in self._returned[node]:
            if isinstance(result, ast.Yield):
                found |= self._evaluator.values(result.value, scope) if result.value is not None else NONE
            elif isinstance(result, ast.YieldFrom):
                found |= items(self._evaluator.values(result.value, scope))
        return found

    def _call_methods(self, cls: UserClass, call: ast.Call, scope: Scope) -> Values:
        methods = self._evaluator.classes.attribute(cls, "__call__", bound=True)
        return union(self.result(method, call, scope) for method in methods if isinstance(method, UserFunction))


_OF_NEW_NAMES = {"keras.initializers.get": frozenset({Result("keras.initializations.get")})}
"""What functions of Keras 2 give, where the code asks for them by one name with those of Keras 1 (`except ImportError`)."""

_GIVES_ANYTHING = frozenset("load loads copy deepcopy next reduce".split())
"""Functions of other libraries that hand back what they were given, or what somebody stored."""
