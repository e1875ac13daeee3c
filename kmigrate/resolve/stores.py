"""What does a module put under the keys of a dict, and what does the dict hold there?"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from kmigrate.resolve.builtin_calls import SEQUENCES
from kmigrate.resolve.dicts import ASKING, pairs_of
from kmigrate.resolve.operators import union
from kmigrate.resolve.reaching import Definitions
from kmigrate.resolve.scopes import Binding, ModuleScope, Scope
from kmigrate.resolve.values import UNKNOWN, Table, Values

if TYPE_CHECKING:
    from kmigrate.resolve.evaluate import Evaluator

_READING = ASKING.union("keys iterkeys viewkeys has_key popitem clear".split()) - {"setdefault"}
"""Methods of a dict that put nothing into it."""
_BUILTINS = SEQUENCES.union("len print str repr next enumerate zip dict OrderedDict min max any all".split())


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

    def grown(self, binding: Binding, made: Values) -> Values:
        """The value of a name that is bound to `made`: what it has of dicts holds all that the module puts in besides."""
        if not any(isinstance(value, Table) for value in made):  # nearly always
            return made
        spoken = self._by_name(binding.scope.module, binding.name, frozenset({binding}))
        put = [(key, item) for key, items in spoken.literal.items() for item in items] + [(None, item) for item in spoken.other]
        found = [(key, self._evaluator.values(value, scope)) for key, (_, value, scope) in put]
        if spoken.escapes or spoken.changed:
            found.append((None, UNKNOWN))
        return frozenset(Table((*value.items, *found)) if isinstance(value, Table) else value for value in made)

    def _by_name(self, module: ModuleScope, name: str, bindings: Definitions) -> _Spoken:
        question = (module, name, bindings)
        if question not in self._spoken:
            owners = {binding.scope for binding in bindings}
            ask = self._evaluator.bindings
            self._spoken[question] = _spoken([
                (load, inner) for load, inner in module.loads.get(name, ())
                if (inner.lookup(name) in owners or load in module.early) and not bindings.isdisjoint(ask(load, inner) or ())
            ])  # fmt: skip
        return self._spoken[question]

    def _of(self, base: ast.expr, scope: Scope) -> _Spoken:
        """What the module says of the dict: by a name of the same bindings, or by the same attribute."""
        module = scope.module
        if isinstance(base, ast.Name):
            bindings = self._evaluator.bindings(base, scope)
            return self._by_name(module, base.id, bindings) if bindings else _spoken([(base, scope)])
        if isinstance(base, ast.Attribute):
            text = ast.dump(base)
            question: object = (module, text)
            if question not in self._spoken:
                self._spoken[question] = _spoken([
                    (attribute, inner) for attribute, inner in module.attributes.get(base.attr, ()) if ast.dump(attribute) == text
                ])  # fmt: skip
            return self._spoken[question]
        return _NOTHING


_Put: TypeAlias = tuple[int, ast.expr, Scope]
"""What an assignment puts under a key, behind its number in the text."""


@dataclass(frozen=True, slots=True)
class _Spoken:
    """All that a module says of one dict: what it puts under which literal, what under keys that are none, under which keys
    something else changes it, and whether it reaches who may change all of it: from here, or where it is returned to."""

    literal: dict[Any, list[_Put]]
    other: list[_Put]
    changed: list[ast.expr]
    escapes: bool
    returned: bool

    def put_under(self, key: ast.expr) -> list[_Put]:
        """What may be put under the key, in the order of the text."""
        if isinstance(key, ast.Constant):
            return sorted([*self.literal.get(key.value, ()), *self.other], key=itemgetter(0))
        return sorted([*chain(*self.literal.values()), *self.other], key=itemgetter(0))

    def may_change(self, key: ast.expr) -> bool:
        """Whether something else than an assignment may change what is under the key."""
        return self.escapes or self.returned or any(_may_be(index, key) for index in self.changed)


_NOTHING = _Spoken({}, [], [], escapes=False, returned=False)


def _spoken(mentions: Iterable[tuple[ast.expr, Scope]]) -> _Spoken:
    literal: dict[Any, list[_Put]] = {}
    other: list[_Put] = []
    changed: list[ast.expr] = []
    escapes = returned = False
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
        elif isinstance(slot, ast.Return):
            returned = True
        else:
            escapes = escapes or _escapes(slot)
    return _Spoken(literal, other, changed, escapes, returned)


def _may_be(one: ast.expr, other: ast.expr) -> bool:
    """Whether two keys can be the same: only literals certainly differ."""
    return not isinstance(one, ast.Constant) or not isinstance(other, ast.Constant) or one.value == other.value


def _is_dict(node: ast.expr) -> bool:
    match node:
        case ast.Dict() | ast.DictComp():
            return True
        case ast.Call(func=ast.Name(id="dict" | "OrderedDict") | ast.Attribute(attr="OrderedDict")):
            return not node.args or pairs_of(node) is not None
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
    pairs = pairs_of(node)
    if pairs is None:
        return [UNKNOWN]
    return [evaluator.values(value, scope) for name, value in pairs if _may_be(name, key)]


def _escapes(parent: ast.AST | None) -> bool:
    """Whether what a dict stands in may change it, or give it to who may."""
    match parent:
        case ast.Subscript() | ast.Compare() | ast.For() | ast.While() | ast.If() | ast.UnaryOp() | ast.comprehension():
            return False
        case ast.keyword(arg=None):
            return False
        case ast.Attribute(attr=name):
            return name not in _READING
        case ast.Call(func=ast.Name(id=name)):
            return name not in _BUILTINS
        case _:
            return True
