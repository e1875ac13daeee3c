"""Which calls of the user's functions and classes give keywords that are passed on to Keras?"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kmigrate.match.constructions import constructed
from kmigrate.match.found import Found
from kmigrate.match.indirect import reached
from kmigrate.match.rules import RuleIndex
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.linked import taken_from
from kmigrate.resolve.partials import called, filled, is_partial
from kmigrate.resolve.passing import Passing, passing
from kmigrate.resolve.scopes import ModuleScope, Scope
from kmigrate.resolve.values import (
    UNKNOWN,
    Instance,
    KerasName,
    Partial,
    UserClass,
    UserFunction,
    UserObject,
    only,
)


@dataclass(frozen=True, slots=True)
class Destination:
    """The use of Keras that gets the keywords in the end, and those that the functions on the way take themselves.

    leading: how many arguments they take by position; those behind are the first of the use, but where they are `lost`: then
    nobody can tell.
    """

    found: Found
    own: frozenset[str]
    certain: bool
    leading: int
    lost: bool = False


def passed(
    module: ModuleScope, evaluator: Evaluator, calls: Iterable[tuple[ast.Call, Scope]], rules: RuleIndex
) -> Iterator[Found]:
    """The calls that pass on an argument which a rule renames or drops where it arrives."""
    spelled = rules.spelled
    least = 2 if _hands_on(module, evaluator) else sys.maxsize
    for call, scope in calls:
        given = [keyword.arg for keyword in call.keywords if keyword.arg in spelled] if call.keywords else []
        if not (given or len(call.args) >= least) or not _may_pass(evaluator, _callee(evaluator, call, scope), scope):
            continue
        end = destination(evaluator, call, scope)
        if end is None:
            continue
        named = _behind(evaluator, call, end).union(given)
        if not (rules.parameters.get(end.found.name, frozenset()) - end.own).isdisjoint(named):
            yield Found("passed", end.found.name, call.func, scope, call, cls=end.found.cls, certain=end.certain)


def _hands_on(module: ModuleScope, evaluator: Evaluator) -> bool:
    """Whether a function of this module, or of one that it imports, may pass on what it is given by position."""
    if module.passes_on:
        return True
    firsts = {binding.statement: binding for binding in reversed(module.imports)}
    return any((there := taken_from(evaluator.world, binding)) is not None and there.passes_on for binding in firsts.values())


def _behind(evaluator: Evaluator, call: ast.Call, end: Destination) -> set[str | None]:
    """The parameters of the end that a call gives by position, but for the first, which is the same in all versions."""
    keras = evaluator.world.keras.get(end.found.name) if len(call.args) > end.leading + 1 and not end.lost else None
    signature = keras.signature if keras is not None else None
    return {item.name for item in signature.positional[1 : len(call.args) - end.leading]} if signature is not None else set()


def _may_pass(evaluator: Evaluator, func: ast.expr, scope: Scope) -> bool:
    """Whether the callee may be a function or class of the user, or the `__init__` of one: nearly all are of Keras."""
    if isinstance(func, ast.Attribute) and func.attr == "__init__":
        return True
    return any(isinstance(value, UserFunction | UserClass | Partial) for value in evaluator.values(func, scope))


def _callee(evaluator: Evaluator, call: ast.Call, scope: Scope) -> ast.expr:
    """What is called, or what a partial object is made of."""
    return call.args[0] if call.args and is_partial(evaluator, call.func, scope) else call.func


def destination(evaluator: Evaluator, call: ast.Call, scope: Scope) -> Destination | None:
    """Where the keywords of a call go that its callee, a function or class of the user, has no parameter for.

    None where they go nowhere, nobody knows, or the call makes an object of Keras as if it called the class itself.
    """
    values = evaluator.values(_callee(evaluator, call, scope), scope)
    callee = only(values - UNKNOWN)
    if callee is not None and constructed(evaluator, callee, call.func, call) is not None:
        return None
    return _destination(evaluator, call, scope, frozenset())


def _destination(evaluator: Evaluator, call: ast.Call, scope: Scope, through: frozenset[ast.AST]) -> Destination | None:
    function, certain = _function(evaluator, _callee(evaluator, call, scope), scope)
    known = passing(function) if function is not None and function.node not in through else None
    if function is None or known is None:
        return None
    end: Destination | None
    keras = _of_keras(evaluator, known.call, known.scope)
    if keras is not None:
        end = Destination(keras, frozenset(), keras.certain, keras.leading)
    else:
        end = _destination(evaluator, known.call, known.scope, through | {function.node})
    if end is None:
        return None
    leading, lost = _leading(evaluator, call, scope, known, end)
    return Destination(end.found, end.own | known.own, certain and end.certain, leading, lost)


def _leading(evaluator: Evaluator, call: ast.Call, scope: Scope, known: Passing, end: Destination) -> tuple[int, bool]:
    """How many arguments a call gives by position that do not go on to the end, and whether the others get lost."""
    if known.positional is None:
        return sys.maxsize, False
    callee = _callee(evaluator, call, scope)
    values = evaluator.values(callee, scope) - UNKNOWN
    plain = all(isinstance(value := called(item), UserFunction) and value.owner is None for item in values)
    taken = known.positional if plain else known.positional - 1
    before = (callee is not call.func) - max(map(filled, values), default=0)  # the function itself; what partial objects have
    missing = end.leading - known.before if known.before is not None else -1
    leading = taken + before + max(missing, 0)
    return max(leading, 0), leading < 0 or missing < 0 or end.lost


def _function(evaluator: Evaluator, func: ast.expr, scope: Scope) -> tuple[UserFunction | None, bool]:
    """The function of the user that runs when this is called, and whether nothing else can."""
    owner = func.value if isinstance(func, ast.Attribute) and func.attr == "__init__" else None
    values = evaluator.values(owner or func, scope)
    match called(only(values - UNKNOWN)):
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
    values = evaluator.values(func, scope)
    callee = only(values)
    match callee:
        case KerasName(path):
            return Found("call", path, func, scope, call)
        case None:
            return _one_of_several([reached(evaluator, value, call, scope) for value in values])
        case _:
            return reached(evaluator, callee, call, scope)


def _one_of_several(found: Sequence[Found | None]) -> Found | None:
    """A use of Keras that a call can be, where it certainly is one: of a model of either class."""
    known = [use for use in found if use is not None]
    if not known or len(known) < len(found):
        return None
    return min(known, key=lambda use: (use.name, use.cls))._replace(certain=False)
