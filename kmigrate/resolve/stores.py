"""What does a module put under the keys of a dict, and what does the dict hold there?"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

from kmigrate.resolve.operators import union
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import UNKNOWN, Values

if TYPE_CHECKING:
    from kmigrate.resolve.evaluate import Evaluator

_READING = frozenset("get items keys values copy has_key".split())
_BUILTINS = frozenset("len sorted list set print str repr".split())


class Stores:
    """Answers for the modules of one evaluator; what a module says of a dict is looked up once."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._spoken: dict[object, _Spoken] = {}

    def stored(self, base: ast.expr, key: ast.expr, scope: Scope) -> list[tuple[ast.expr, Scope]]:
        """What assignments of the module put where `base[key]` takes it (`layers[name] = x`), with their scopes, in the order of
        the text; keys may differ."""
        return [(value, inner) for _, value, inner in self._of(base, scope).put_under(key)]

    def kept(self, base: ast.expr, key: ast.expr, scope: Scope) -> Values | None:
        """What a dict of this module can hold under a key; None where `base` names no such thing, or nothing is put there."""
        evaluator = self._evaluator
        made = evaluator.assigned(base, scope)
        if not made or not all(_is_dict(display) for display, _ in made):
            return None
        found = [held for display, owner in made for held in _displayed(evaluator, display, owner, key)]
        spoken = self._of(base, scope)
        found += [evaluator.values(value, inner) for _, value, inner in spoken.put_under(key)]
        if not found:
            return None
        return union(found) | UNKNOWN if spoken.may_change(key) else union(found)

    def _of(self, base: ast.expr, scope: Scope) -> _Spoken:
        """What the module says of the dict: by a name of the same bindings, or by the same attribute."""
        module = scope.module
        if isinstance(base, ast.Name):
            bindings = self._evaluator.bindings(base, scope)
            if not bindings:
                return _spoken([(base, scope)])
            question: object = (module, base.id, bindings)
            if question not in self._spoken:
                self._spoken[question] = _spoken([
                    (load, inner) for load, inner in module.loads.get(base.id, ())
                    if not bindings.isdisjoint(self._evaluator.bindings(load, inner) or ())
                ])  # fmt: skip
        elif isinstance(base, ast.Attribute):
            text = ast.dump(base)
            question = (module, text)
            if question not in self._spoken:
                self._spoken[question] = _spoken([
                    (attribute, inner) for attribute, inner in module.attributes
                    if attribute.attr == base.attr and ast.dump(attribute) == text
                ])  # fmt: skip
        else:
            return _NOTHING
        return self._spoken[question]


_Put: TypeAlias = tuple[int, ast.expr, Scope]
"""What an assignment puts under a key, behind its number in the text."""


@dataclass(frozen=True, slots=True)
class _Spoken:
    """All that a module says of one dict: what it puts under which literal, what under keys that are none, under which keys
    something else changes it, and whether it reaches who may change all of it."""

    literal: dict[object, list[_Put]]
    other: list[_Put]
    changed: list[ast.expr]
    escapes: bool

    def put_under(self, key: ast.expr) -> list[_Put]:
        """What may be put under the key, in the order of the text."""
        if isinstance(key, ast.Constant):
            return sorted([*self.literal.get(key.value, ()), *self.other], key=itemgetter(0))
        return sorted([*chain(*self.literal.values()), *self.other], key=itemgetter(0))

    def may_change(self, key: ast.expr) -> bool:
        """Whether something else than an assignment may change what is under the key."""
        return self.escapes or any(_may_be(index, key) for index in self.changed)


_NOTHING = _Spoken({}, [], [], escapes=False)


def _spoken(mentions: Iterable[tuple[ast.expr, Scope]]) -> _Spoken:
    literal: dict[object, list[_Put]] = {}
    other: list[_Put] = []
    changed: list[ast.expr] = []
    escapes = False
    for number, (held, scope) in enumerate(mentions):
        slot = scope.module.parents.get(held)
        if isinstance(slot, ast.Subscript) and slot.value is held:
            statement = scope.module.parents.get(slot)
            if isinstance(statement, ast.Assign):
                if slot in statement.targets:
                    key = slot.slice
                    under = literal.setdefault(key.value, []) if isinstance(key, ast.Constant) else other
                    under.append((number, statement.value, scope))
            elif isinstance(slot.ctx, ast.Store):
                changed.append(slot.slice)
        else:
            escapes = escapes or _escapes(held, slot)
    return _Spoken(literal, other, changed, escapes)


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


def _escapes(held: ast.expr, parent: ast.AST | None) -> bool:
    """Whether what a dict stands in may change it, or give it to who may."""
    match parent:
        case ast.Subscript() | ast.Compare() | ast.For() | ast.comprehension() | ast.keyword(arg=None):
            return False
        case ast.Attribute(attr=name):
            return name not in _READING
        case ast.Call(func=ast.Name(id=name)):
            return name not in _BUILTINS
        case _:
            return True
