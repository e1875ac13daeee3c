"""What does a module put under the keys of a dict, and what does the dict hold there?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kmigrate.resolve.operators import union
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import UNKNOWN, Values

if TYPE_CHECKING:
    from kmigrate.resolve.evaluate import Evaluator

_READING = frozenset("get items keys values copy has_key".split())
_BUILTINS = frozenset("len sorted list set print str repr".split())


def stored(evaluator: Evaluator, base: ast.expr, key: ast.expr, scope: Scope) -> Iterator[tuple[ast.expr, Scope]]:
    """What assignments of the module put where `base[key]` takes it (`layers[name] = x`), with their scopes; keys may differ."""
    parents = scope.module.parents
    for held, inner in _mentions(evaluator, base, scope):
        slot = parents.get(held)
        if isinstance(slot, ast.Subscript) and slot.value is held and _may_be(slot.slice, key):
            statement = parents.get(slot)
            if isinstance(statement, ast.Assign) and slot in statement.targets:
                yield statement.value, inner


def kept(evaluator: Evaluator, base: ast.expr, key: ast.expr, scope: Scope) -> Values | None:
    """What a dict of this module can hold under a key; None where `base` names no such thing, or nothing is put there."""
    made = evaluator.assigned(base, scope)
    if not made or not all(_is_dict(display) for display, _ in made):
        return None
    found = [held for display, owner in made for held in _displayed(evaluator, display, owner, key)]
    found += [evaluator.values(value, inner) for value, inner in stored(evaluator, base, key, scope)]
    if not found:
        return None
    unseen = any(_escapes(held, inner, key) for held, inner in _mentions(evaluator, base, scope))
    return union(found) | UNKNOWN if unseen else union(found)


def _mentions(evaluator: Evaluator, base: ast.expr, scope: Scope) -> Iterator[tuple[ast.expr, Scope]]:
    """Where the module speaks of the same dict: by a name of the same bindings, or by the same attribute."""
    if isinstance(base, ast.Name):
        bindings = evaluator.bindings(base, scope) or frozenset()
        for load, inner in scope.module.loads.get(base.id, ()):
            if load is base or not bindings.isdisjoint(evaluator.bindings(load, inner) or ()):
                yield load, inner
    elif isinstance(base, ast.Attribute):
        text = ast.dump(base)
        for attribute, inner in scope.module.attributes:
            if attribute.attr == base.attr and ast.dump(attribute) == text:
                yield attribute, inner


def _may_be(one: ast.expr, other: ast.expr) -> bool:
    """Whether two keys can be the same: only literals certainly differ."""
    return not isinstance(one, ast.Constant) or not isinstance(other, ast.Constant) or one.value == other.value


def _is_dict(node: ast.expr) -> bool:
    match node:
        case ast.Dict() | ast.DictComp():
            return True
        case ast.Call(func=ast.Name(id="dict" | "OrderedDict") | ast.Attribute(attr="OrderedDict"), args=[]):
            return True
        case _:
            return False


def _displayed(evaluator: Evaluator, node: ast.expr, scope: Scope, key: ast.expr) -> list[Values]:
    """What the dict is made with under the key."""
    if isinstance(node, ast.DictComp):
        return [evaluator.values(node.value, scope.module.scope_of[node])]
    if isinstance(node, ast.Dict):
        return [
            UNKNOWN if name is None else evaluator.values(value, scope)
            for name, value in zip(node.keys, node.values, strict=True)
            if name is None or _may_be(name, key)
        ]
    assert isinstance(node, ast.Call)
    return [
        UNKNOWN if keyword.arg is None else evaluator.values(keyword.value, scope)
        for keyword in node.keywords
        if keyword.arg is None or _may_be(ast.Constant(keyword.arg), key)
    ]


def _escapes(held: ast.expr, scope: Scope, key: ast.expr) -> bool:
    """Whether something else than an assignment may change the dict here, or give it to who may."""
    parents = scope.module.parents
    parent = parents.get(held)
    match parent:
        case ast.Subscript(ctx=ast.Store(), slice=index):
            return not isinstance(parents.get(parent), ast.Assign) and _may_be(index, key)
        case ast.Subscript() | ast.Compare() | ast.For() | ast.comprehension() | ast.keyword(arg=None):
            return False
        case ast.Attribute(attr=name):
            return name not in _READING
        case ast.Call(func=ast.Name(id=name)):
            return name not in _BUILTINS
        case _:
            return True
