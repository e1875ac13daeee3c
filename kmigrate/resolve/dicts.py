"""What do calls give that make a dict, or ask one for what it holds?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from kmigrate.resolve.operators import items, picked, subscript, union
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import NONE, NOTHING, OTHER, UNKNOWN, Sequence, Table, Values

if TYPE_CHECKING:
    from kmigrate.resolve.evaluate import Evaluator

ASKING = frozenset("get pop setdefault values itervalues viewvalues items iteritems viewitems copy".split())
"""Methods of a dict that give what it holds, those of Python 2 included."""


def made_dict(evaluator: Evaluator, call: ast.Call, scope: Scope) -> Values:
    """The dict that `dict(...)` or `OrderedDict(...)` makes: of keywords and a display of pairs, or of what stands elsewhere.

    Of the latter nobody knows what else comes in.
    """
    pairs = pairs_of(call)
    if pairs is not None:
        return frozenset({Table(tuple((_literal(key), evaluator.values(value, scope)) for key, value in pairs))})
    held = union(_copied(evaluator.values(argument, scope)) for argument in call.args)
    held = union([held, *(evaluator.values(keyword.value, scope) for keyword in call.keywords if keyword.arg is not None)])
    return frozenset({Table(((None, held | UNKNOWN),))}) if held - UNKNOWN - OTHER else UNKNOWN


def _copied(values: Values) -> Values:
    """What a dict holds that is made of these: of other dicts, or of pairs."""
    tables = [inner for value in values if isinstance(value, Table) for _, inner in value.items]
    sequences = frozenset(value for value in values if isinstance(value, Sequence))
    return union([*tables, picked(items(sequences), (1,)) if sequences else NOTHING])


def pairs_of(call: ast.Call) -> list[tuple[ast.expr, ast.expr]] | None:
    """The keys and values in the call of `dict` or `OrderedDict`; None where it copies what stands elsewhere."""
    listed = call.args[0] if len(call.args) == 1 else None
    found: list[tuple[ast.expr, ast.expr]] = []
    if isinstance(listed, ast.List | ast.Tuple):
        for item in listed.elts:
            if not isinstance(item, ast.Tuple | ast.List) or len(item.elts) != 2:
                return None
            found.append((item.elts[0], item.elts[1]))
    elif call.args:
        return None
    for keyword in call.keywords:
        if keyword.arg is None:
            return None
        found.append((ast.Constant(keyword.arg), keyword.value))
    return found


def asked_dict(evaluator: Evaluator, call: ast.Call, scope: Scope) -> Values | None:
    """Everything that a method of a dict gives whose values are known; None for any other call."""
    func = call.func
    if not isinstance(func, ast.Attribute) or func.attr not in ASKING or call.keywords or len(call.args) > 2:
        return None
    tables = evaluator.values(func.value, scope)
    if not tables or not all(isinstance(value, Table) for value in tables):
        return None
    if func.attr == "copy":
        return frozenset({Table(((None, _copied(tables) | UNKNOWN),))}) if not call.args else None
    if func.attr in ("get", "pop", "setdefault"):
        if not call.args:
            return None
        missing = evaluator.values(call.args[1], scope) if len(call.args) == 2 else NONE if func.attr == "get" else NOTHING
        return _under(evaluator, func.value, tables, call.args[0], scope) | missing
    everything = _under(evaluator, func.value, tables, func, scope)  # as under a key that nobody knows
    if not func.attr.endswith("items"):
        return frozenset({Sequence((everything,), homogeneous=True)})
    plain = all(key is not None for value in tables if isinstance(value, Table) for key, _ in value.items)
    pair = Sequence((OTHER if plain else UNKNOWN, everything))
    return frozenset({Sequence((frozenset({pair}),), homogeneous=True)})


def _under(evaluator: Evaluator, base: ast.expr, tables: Values, key: ast.expr, scope: Scope) -> Values:
    found = evaluator.stores.kept(base, key, scope)
    return subscript(tables, key) if found is None else found


def _literal(key: ast.expr) -> str | int | float | bool | bytes | complex | None:
    return key.value if isinstance(key, ast.Constant) and not isinstance(key.value, type(...)) else None
