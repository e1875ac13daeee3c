"""Where does a module call the function that `initializations.get` gave it, to make a weight?"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from kmigrate.match.found import Found
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.library import imports
from kmigrate.resolve.partials import is_partial
from kmigrate.resolve.scopes import ModuleScope, Scope
from kmigrate.resolve.values import Result

INITIALIZERS = "keras.initializations."
"""How the functions are called that make a weight."""

CALLED = f"{INITIALIZERS}get.__call__"
"""What rules call such a use."""

_MODULE = "initializations"
GOT = Result("keras.initializations.get")
"""What `initializations.get` gives."""


def called(module: ModuleScope, evaluator: Evaluator, calls: Iterable[tuple[ast.Call, Scope]]) -> Iterator[Found]:
    """The calls of initializers, and their partial objects; not those inside of `K.variable(...)`, which suit Keras 2 as well."""
    if not _speaks_of_initializers(module):
        return
    makes_partials = imports(module, "functools")
    for call, scope in calls:
        if makes_partials and _is_partial_of_one(evaluator, call, scope):
            yield Found("call", CALLED, call.func, scope, call, leading=1)
        elif isinstance(call.func, ast.Name | ast.Attribute | ast.Call) and evaluator.values(call.func, scope) == {GOT}:
            parent = module.parents.get(call)
            plain = len(call.args) == 1 and not call.keywords
            if not (plain and isinstance(parent, ast.Call) and evaluator.path(parent.func, scope) == "keras.backend.variable"):
                yield Found("call", CALLED, call.func, scope, call)


def _is_partial_of_one(evaluator: Evaluator, call: ast.Call, scope: Scope) -> bool:
    """Whether a call makes a partial object that gives an initializer more than its shape."""
    return (
        bool(call.args)
        and len(call.args) + len(call.keywords) > 1
        and is_partial(evaluator, call.func, scope)
        and evaluator.values(call.args[0], scope) == {GOT}
    )


def _speaks_of_initializers(module: ModuleScope) -> bool:
    """Whether the module names the initializers of Keras 1: in an import, or behind a dot."""
    for binding in module.imports:
        statement = binding.statement
        if isinstance(statement, ast.ImportFrom) and _MODULE in (statement.module or ""):
            return True
        if isinstance(binding.node, ast.alias) and _MODULE in binding.node.name:
            return True
    return _MODULE in module.attributes
