"""To which call does a function of the user pass on the keywords that it has no parameter for (`def f(a, **kw): g(a, **kw)`)?"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from kmigrate.resolve.forwarders import only_load
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import UserFunction


@dataclass(frozen=True, slots=True)
class Passing:
    """`call`, in `scope`, unpacks what the function got as `**kwargs`; `own` are the keywords that the function takes itself.

    positional: how many arguments the function takes by position itself, `self` included; those behind stand in the call behind
    `before` others. These are None where there can be none behind, and where the function does something else with them.
    """

    call: ast.Call
    scope: Scope
    own: frozenset[str]
    positional: int | None
    before: int | None


def passing(function: UserFunction) -> Passing | None:
    """Where a function passes its keywords on; None if it does anything else with them."""
    node = function.node
    if not isinstance(node, ast.FunctionDef) or node.args.kwarg is None:
        return None
    scope = function.scope.module.scope_of.get(node)
    given = only_load(scope, node.args.kwarg.arg) if scope is not None else None
    if scope is None or given is None:
        return None
    parents = scope.module.parents
    keyword = parents.get(given)
    call = parents.get(keyword) if isinstance(keyword, ast.keyword) and keyword.arg is None else None
    if not isinstance(call, ast.Call) or sum(each.arg is None for each in call.keywords) != 1:
        return None
    own = frozenset(item.arg for item in (*node.args.args, *node.args.kwonlyargs))
    if node.args.vararg is None:
        return Passing(call, scope, own, None, None)
    return Passing(call, scope, own, len(node.args.posonlyargs) + len(node.args.args), _before(call, scope, node.args.vararg.arg))


def _before(call: ast.Call, scope: Scope, rest: str) -> int | None:
    """How many arguments stand in a call before the `*rest` that ends them."""
    *plain, last = call.args or [call]
    unpacked = isinstance(last, ast.Starred) and last.value is only_load(scope, rest)
    return len(plain) if unpacked and not any(isinstance(item, ast.Starred) for item in plain) else None
