"""Which names of a module of Keras are asked for by a string: `getattr(keras.layers, kind)`, `vars(keras.layers)[kind]`?"""

from __future__ import annotations

import ast

from kmigrate.match.found import Found
from kmigrate.resolve.builtin_calls import HELD
from kmigrate.resolve.library import is_function
from kmigrate.resolve.scopes import Scope
from kmigrate.rewrite.decision import ForReview
from kmigrate.rewrite.facts import NO_RULE, Facts


def asked_by_name(facts: Facts, found: Found) -> ForReview | None:
    """What to say of a module whose names a string asks for: one that is gone, one that nobody knows, or all of them."""
    held = _HELD if not found.module and found.name.endswith(_HELD) else ""
    if not found.module and not held:
        return None
    assert isinstance(found.node, ast.expr)
    module, node = found.name.removesuffix(held), found.node
    call = facts.scopes.parents.get(node)
    if not held and isinstance(call, ast.Call) and node in call.args[:1]:
        asks = _function(facts, call, found.scope)
        if asks in _BY_NAME and len(call.args) > 1:
            return _asked(facts, module, call.args[1], call, known=asks == "getattr")
        if asks not in _WITH_ALL:
            return None
        held, node = asks, call
    if not held:
        return None
    parent = facts.scopes.parents.get(node)
    if isinstance(parent, ast.Subscript) and parent.value is node:
        return _asked(facts, module, parent.slice, parent, known=True)
    if module in _ALIKE:
        return None
    return ForReview(
        NO_RULE, f"all names of `{module}` are asked for here; those of Keras 2 are others.",
        "Check that the names that are looked for exist in Keras 2, and that what is called takes the arguments of Keras 2.",
    )  # fmt: skip


_HELD = f".{HELD}"
_BY_NAME = frozenset({"getattr", "hasattr"})
"""Builtins that ask a module for one name."""
_MEMBERS = "getmembers"
_WITH_ALL = frozenset({"vars", "dir", _MEMBERS})
"""Functions, one of them of `inspect`, that give all that a module has."""

_ALIKE = ("keras", "keras.activations", "keras.applications", "keras.engine")
"""Modules whose names, and the arguments of what they name, are the same as far as code asks for them by name."""


def _function(facts: Facts, call: ast.Call, scope: Scope) -> str:
    """The builtin that is called, or `getmembers` of `inspect`; nothing for any other function."""
    if is_function(facts.evaluator, call.func, scope, "inspect", _MEMBERS):
        return _MEMBERS
    return call.func.id if isinstance(call.func, ast.Name) and not scope.binds(call.func.id) else ""


def _asked(facts: Facts, module: str, name: ast.expr, asking: ast.expr, *, known: bool) -> ForReview | None:
    """What to say where an expression asks a module for a name; `known`: it would fail where the name is gone."""
    if isinstance(name, ast.Constant):
        return _gone(facts, f"{module}.{name.value}", asking) if known and isinstance(name.value, str) else None
    if module in _ALIKE:
        return None
    return ForReview(
        NO_RULE, f"which name of `{module}` this asks for is known only when the program runs.",
        "Check that the names it can be exist in Keras 2, and that what is called takes the arguments of Keras 2.",
    )  # fmt: skip


def _gone(facts: Facts, path: str, asking: ast.expr) -> ForReview | None:
    """A name that stands in a string: it can't follow. A call of what is found is a use of its own."""
    primary = facts.places.keras1.canonical(path)
    parent = facts.scopes.parents.get(asking)
    if primary is None or (isinstance(parent, ast.Call) and parent.func is asking):
        return None
    rule = facts.places.rules.gone.get(primary)
    if rule is not None:
        return ForReview(rule.id, rule.say or rule.title)
    place = facts.places.name(primary)
    if place is not None and place[0].rpartition(".")[2] == path.rpartition(".")[2]:
        return None
    new = f"is {place[0]}" if place is not None else "does not exist"
    return ForReview(NO_RULE, f"`{path}`, asked for by a string, {new} in Keras 2.", "Write the name that Keras 2 has.")
