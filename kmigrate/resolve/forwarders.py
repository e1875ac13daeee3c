"""Which functions of the user hand on what they are given to one callee (`def conv(*a, **kw): return Conv(*a, **kw)`)?"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from kmigrate.resolve.scopes import Binding, Scope
from kmigrate.resolve.values import UserFunction


@dataclass(frozen=True, slots=True)
class Forwarder:
    """A function whose own arguments, `leading` of them, stand in front of what it hands on to `call`.

    options: the dict of keywords that the given ones are put into first, if there is one.
    """

    call: ast.Call
    scope: Scope
    leading: int
    options: Binding | None = None


def forwarder(function: UserFunction) -> Forwarder | None:
    """How a function forwards; None if it does anything else with what it is given."""
    node = function.node
    if not isinstance(node, ast.FunctionDef) or function.owner is not None or node.args.kwonlyargs:
        return None
    args, kwargs = node.args.vararg, node.args.kwarg
    if args is None or kwargs is None or node.args.defaults:
        return None
    scope = function.scope.module.scope_of.get(node)
    if scope is None:
        return None
    if not _only_called(scope, node):
        return None
    starred = only_load(scope, args.arg)
    star = scope.module.parents.get(starred) if starred is not None else None
    call = scope.module.parents.get(star) if isinstance(star, ast.Starred) else None
    if not isinstance(call, ast.Call) or len(call.args) != 1 or len(call.keywords) != 1 or call.keywords[0].arg is not None:
        return None
    given = only_load(scope, kwargs.arg)
    if given is None:
        return None
    leading = len(node.args.posonlyargs) + len(node.args.args)
    if call.keywords[0].value is given:
        return Forwarder(call, scope, leading)
    options = _updated(scope, given, call.keywords[0].value)
    return Forwarder(call, scope, leading, options) if options is not None else None


def only_load(scope: Scope, name: str) -> ast.Name | None:
    """The one place that reads a parameter; None where it is read more often, or bound anew."""
    loads = [node for node, inner in scope.module.loads.get(name, ()) if inner.lookup(name) is scope]
    return loads[0] if len(loads) == 1 and len(scope.bindings.get(name, ())) == 1 else None


def _only_called(scope: Scope, node: ast.FunctionDef) -> bool:
    """Whether its module does nothing with the function but call it, and nothing is wrapped around it."""
    if any(not (isinstance(item, ast.Call) and _last(item.func) == "wraps") for item in node.decorator_list):
        return False
    parents = scope.module.parents
    for load, inner in scope.module.loads.get(node.name, ()):
        parent = parents.get(load)
        if inner.lookup(node.name) is scope.parent and not (isinstance(parent, ast.Call) and parent.func is load):
            return False
    return True


def _last(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def _updated(scope: Scope, given: ast.Name, hidden: ast.expr) -> Binding | None:
    """`d = {...}`, `d.update(kwargs)`, `f(*args, **d)`: the binding of `d`, if nothing else is done with it."""
    parents = scope.module.parents
    update = parents.get(given)
    if not isinstance(hidden, ast.Name) or not isinstance(update, ast.Call) or update.args != [given] or update.keywords:
        return None
    bindings = scope.bindings.get(hidden.id, [])
    if len(bindings) != 1 or bindings[0].kind != "assign" or bindings[0].path:
        return None
    func = update.func
    named = isinstance(func, ast.Attribute) and func.attr == "update" and isinstance(func.value, ast.Name)
    loads = [node for node, inner in scope.module.loads.get(hidden.id, ()) if inner.lookup(hidden.id) is scope]
    if not named or not isinstance(func, ast.Attribute) or {func.value, hidden} != set(loads):
        return None
    return bindings[0]
