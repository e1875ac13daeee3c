"""Does a function read tensors of the graph around it, beside what it is given?"""

from __future__ import annotations

import ast

from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import RawTensor, Tensor, UserFunction


def closes_over_tensors(function: UserFunction, evaluator: Evaluator) -> bool:
    """Whether some name that the function reads, and does not bind itself, can be a tensor of a model."""
    loads = function.scope.module.loads
    read = {node.id for node in ast.walk(function.node) if isinstance(node, ast.Name)}
    return any(
        isinstance(value, Tensor) or value == RawTensor(True)
        for name in sorted(read)
        for load, scope in loads.get(name, ())
        if (inside := _inside(scope, function)) and scope.lookup(name) not in inside
        for value in evaluator.values(load, scope)
    )


def _inside(scope: Scope, function: UserFunction) -> list[Scope]:
    """The scopes around and including one, as far as the function; none if it does not stand in the function."""
    found = []
    for outer in scope.chain():
        found.append(outer)
        if outer.node is function.node:
            return found
    return []
