"""Which Keras class does a call make an object of, when its callee is not the class itself?"""

from __future__ import annotations

import ast

from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.forwarders import forwarder
from kmigrate.resolve.values import Instance, KerasName, Partial, UserClass, UserFunction, UserObject, Value, only

MAKERS = (UserClass, UserFunction)
"""What a call of a name may make an object of Keras by."""

MAKERS_BY_PATH = (*MAKERS, KerasName)
"""What a call of another callee may make one by: a class of Keras by name is a use of its own."""


def constructed(evaluator: Evaluator, value: Value, func: ast.expr, call: ast.Call) -> tuple[str, int] | None:
    """The Keras class that a call makes an object of, and how many arguments stand before those of the class."""
    match value:
        case Partial(function=KerasName(path=path)) if len(value.call.args) == 1:
            return path, 0
        case UserClass() if not evaluator.classes.overridden(value, "__init__"):
            bases = evaluator.classes.keras_bases(value)
            return (bases[0], 0) if bases else None
        case UserClass():
            return _by_init(evaluator, value, call)
        case KerasName(path=path) if not isinstance(func, ast.Name):
            return path, 0
        case UserFunction():
            return _forwarded(evaluator, value, call)
        case _:
            return None


def by_partial(evaluator: Evaluator, value: Value) -> bool:
    """Whether a function of the user hands on what it gets to a partial object, which has arguments of its own."""
    seen: set[ast.AST] = set()
    while isinstance(value, UserFunction) and value.node not in seen:
        seen.add(value.node)
        known = forwarder(value)
        inner = only(evaluator.values(known.call.func, known.scope)) if known is not None else None
        if inner is None:
            return False
        value = inner
    return isinstance(value, Partial)


def _by_init(evaluator: Evaluator, cls: UserClass, call: ast.Call) -> tuple[str, int] | None:
    """The Keras class above one of the user whose `__init__` hands on all that it gets: `super().__init__(*args, **kwargs)`."""
    init = evaluator.classes.initializer(cls)
    known = forwarder(UserFunction(init.node, init.scope)) if init is not None else None
    func = known.call.func if known is not None else None
    if known is None or not isinstance(func, ast.Attribute) or func.attr != "__init__" or len(call.args) < known.leading - 1:
        return None
    match only(evaluator.values(func.value, known.scope)):
        case Instance(cls=path):
            found: tuple[str, int] | None = (path, 0)
        case UserObject(cls=base) if base != cls:
            found = constructed(evaluator, base, func, known.call)
        case _:
            return None
    return (found[0], known.leading - 1 + found[1]) if found is not None else None


def _forwarded(
    evaluator: Evaluator, function: UserFunction, call: ast.Call, through: frozenset[ast.AST] = frozenset()
) -> tuple[str, int] | None:
    """The class that a function of the user hands all its arguments on to, by way of other such functions or not."""
    known = forwarder(function) if function.node not in through else None
    if known is None or len(call.args) < known.leading:
        return None
    match only(evaluator.values(known.call.func, known.scope)):
        case KerasName(path=path):
            found: tuple[str, int] | None = (path, 0)
        case UserFunction() as inner:
            found = _forwarded(evaluator, inner, known.call, through | {function.node})
        case None:
            return None
        case other:
            found = constructed(evaluator, other, known.call.func, known.call)
    cls = evaluator.world.keras.get(found[0]) if found is not None else None
    return (found[0], known.leading + found[1]) if found is not None and cls is not None and cls.kind == "class" else None
