"""Where does a function of another module call what it is handed, a class for example?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import ModuleScope
from kmigrate.resolve.values import UserClass, UserFunction, Value


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A call, in another module, of what a function or class there gets for one of its parameters.

    unpacked: the parameter that the call unpacks as keywords; `passes`: it unpacks those that are no parameter.
    """

    call: ast.Call
    module: ModuleScope
    unpacked: str | None
    passes: bool


def called_elsewhere(
    evaluator: Evaluator, callee: Value, call: ast.Call, argument: ast.expr, here: ModuleScope
) -> Iterator[Elsewhere]:
    """The calls of an argument of `call` in what that calls, if it is a function or class of another module than `here`.

    An object that keeps the argument in an attribute may call it in any of its methods.
    """
    function = evaluator.classes.initializer(callee) if isinstance(callee, UserClass) else callee
    if not isinstance(function, UserFunction) or function.scope.module is here:
        return
    module, node = function.scope.module, function.node
    own = module.scope_of.get(node)
    name = _parameter(function, call, argument, is_class=isinstance(callee, UserClass))
    if name is None or own is None:
        return
    rest = node.args.kwarg.arg if node.args.kwarg is not None else None
    for there, scope in evaluator.callers(module, name):
        if isinstance(there.func, ast.Name) and scope.lookup(name) is own:
            yield _elsewhere(there, module, rest)
    for attribute, scope in module.attribute_stores:
        match module.parents.get(attribute):
            case ast.Assign(value=ast.Name(id=kept)) if kept == name and scope is own:
                for there, _ in evaluator.callers(module, attribute.attr):
                    if isinstance(there.func, ast.Attribute):
                        yield _elsewhere(there, module, rest)
            case _:
                pass


def _parameter(function: UserFunction, call: ast.Call, argument: ast.expr, *, is_class: bool) -> str | None:
    """The parameter that a function gets an argument of a call for."""
    for keyword in call.keywords:
        if keyword.value is argument:
            return keyword.arg
    if argument not in call.args or any(isinstance(item, ast.Starred) for item in call.args):
        return None
    node = function.node
    static = any(getattr(item, "id", "") == "staticmethod" for item in getattr(node, "decorator_list", ()))
    filled = is_class or (function.owner is not None and not static)
    names = [item.arg for item in (*node.args.posonlyargs, *node.args.args)][filled:]
    place = call.args.index(argument)
    return names[place] if place < len(names) else None


def _elsewhere(call: ast.Call, module: ModuleScope, rest: str | None) -> Elsewhere:
    unpacked = [item.value.id for item in call.keywords if item.arg is None and isinstance(item.value, ast.Name)]
    return Elsewhere(call, module, next((name for name in unpacked if name != rest), None), rest in unpacked)
