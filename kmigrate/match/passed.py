"""Which calls of the user's functions and classes give keywords that are passed on to Keras?"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kmigrate.match.constructions import constructed
from kmigrate.match.found import Found
from kmigrate.match.indirect import reached
from kmigrate.match.rules import RuleIndex
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.passing import passing
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import UNKNOWN, Instance, KerasName, UserClass, UserFunction, UserObject, only


@dataclass(frozen=True, slots=True)
class Destination:
    """The use of Keras that gets the keywords in the end, and those that the functions on the way take themselves."""

    found: Found
    own: frozenset[str]
    certain: bool


def passed(evaluator: Evaluator, calls: Iterable[tuple[ast.Call, Scope]], rules: RuleIndex) -> Iterator[Found]:
    """The calls that pass on a keyword which a rule renames or drops where it arrives."""
    spelled = rules.spelled
    for call, scope in calls:
        given = [keyword.arg for keyword in call.keywords if keyword.arg in spelled] if call.keywords else None
        if not given or not _may_pass(evaluator, call.func, scope):
            continue
        end = destination(evaluator, call, scope)
        if end is not None and not (rules.parameters.get(end.found.name, frozenset()) - end.own).isdisjoint(given):
            yield Found("passed", end.found.name, call.func, scope, call, cls=end.found.cls, certain=end.certain)


def _may_pass(evaluator: Evaluator, func: ast.expr, scope: Scope) -> bool:
    """Whether the callee may be a function or class of the user, or the `__init__` of one: nearly all are of Keras."""
    if isinstance(func, ast.Attribute) and func.attr == "__init__":
        return True
    return any(isinstance(value, UserFunction | UserClass) for value in evaluator.values(func, scope))


def destination(evaluator: Evaluator, call: ast.Call, scope: Scope) -> Destination | None:
    """Where the keywords of a call go that its callee, a function or class of the user, has no parameter for.

    None where they go nowhere, nobody knows, or the call makes an object of Keras as if it called the class itself.
    """
    values = evaluator.values(call.func, scope)
    callee = only(values - UNKNOWN)
    if callee is not None and constructed(evaluator, callee, call.func, call) is not None:
        return None
    return _destination(evaluator, call, scope, frozenset())


def _destination(evaluator: Evaluator, call: ast.Call, scope: Scope, through: frozenset[ast.AST]) -> Destination | None:
    function, certain = _function(evaluator, call.func, scope)
    known = passing(function) if function is not None and function.node not in through else None
    if function is None or known is None:
        return None
    keras = _of_keras(evaluator, known.call, known.scope)
    if keras is not None:
        return Destination(keras, known.own, certain)
    inner = _destination(evaluator, known.call, known.scope, through | {function.node})
    return Destination(inner.found, inner.own | known.own, certain and inner.certain) if inner is not None else None


def _function(evaluator: Evaluator, func: ast.expr, scope: Scope) -> tuple[UserFunction | None, bool]:
    """The function of the user that runs when this is called, and whether nothing else can."""
    owner = func.value if isinstance(func, ast.Attribute) and func.attr == "__init__" else None
    values = evaluator.values(owner or func, scope)
    match only(values - UNKNOWN):
        case UserObject(cls=cls) if owner is not None:
            return evaluator.classes.initializer(cls), len(values) == 1
        case UserClass() as cls:
            return evaluator.classes.initializer(cls), len(values) == 1
        case UserFunction() as function:
            return function, len(values) == 1
        case _:
            return None, False


def _of_keras(evaluator: Evaluator, call: ast.Call, scope: Scope) -> Found | None:
    """The use of Keras that a call is: of a class, of its `__init__`, of a function or method."""
    func = call.func
    if isinstance(func, ast.Attribute) and func.attr == "__init__":
        match only(evaluator.values(func.value, scope)):
            case Instance(cls):
                return Found("construct", cls, func, scope, call, cls=cls)
            case KerasName(path):
                return Found("construct", path, func, scope, call, cls=path, leading=1)
            case _:
                return None
    callee = only(evaluator.values(func, scope))
    match callee:
        case KerasName(path):
            return Found("call", path, func, scope, call)
        case None:
            return None
        case _:
            return reached(evaluator, callee, call, scope)
