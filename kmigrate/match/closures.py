"""Does a function read tensors of the graph around it, beside what it is given?"""

from __future__ import annotations

from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import RawTensor, Tensor, UserFunction


def closes_over_tensors(function: UserFunction, evaluator: Evaluator) -> bool:
    """Whether some name that the function reads, and does not bind itself, can be a tensor of a model."""
    first, last = function.node.lineno, function.node.end_lineno or function.node.lineno
    return any(
        isinstance(value, Tensor) or value == RawTensor(True)
        for name, scope in function.scope.module.names
        if first <= name.lineno <= last and (inside := _inside(scope, function)) and scope.lookup(name.id) not in inside
        for value in evaluator.values(name, scope)
    )


def _inside(scope: Scope, function: UserFunction) -> list[Scope]:
    """The scopes around and including one, as far as the function; none if it does not stand in the function."""
    found = []
    for outer in scope.chain():
        found.append(outer)
        if outer.node is function.node:
            return found
    return []
