"""Does a callback that makes the batches itself set up what it makes them of when training begins?

From Keras 2.4 on `fit` takes a first batch from a generator before it calls on_train_begin (`data_adapter.py` of 2.15.0,
`GeneratorDataAdapter.__init__`).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from kmigrate.match.found import Found
from kmigrate.rewrite.decision import Decision, Same, Told
from kmigrate.rewrite.facts import Facts
from kmigrate.ruleset.schema import Rule

_EARLY = ">=2.4"


def of_method(facts: Facts, rule: Rule, found: Found) -> Decision:
    """A note for on_train_begin where it alone sets an attribute that a class with a generator reads."""
    function, owner = found.node, facts.scopes.parents.get(found.node)
    if not isinstance(function, ast.FunctionDef) or not isinstance(owner, ast.ClassDef) or "yield" not in facts.module.text:
        return Same()
    if not facts.places.is_for(_EARLY):
        return Same()
    others = [node for node in owner.body if isinstance(node, ast.FunctionDef) and node is not function]
    made_before = {name for node in others if node.name == "__init__" for name in _own(node, ast.Store)}
    first_set = set(_own(function, ast.Store)) - made_before
    read = {name for node in others for name in _own(node, ast.Load)}
    if not first_set & read or not any(isinstance(part, ast.Yield) for node in others for part in ast.walk(node)):
        return Same()
    return Same((Told(rule.id, rule.say or rule.title, (), _EARLY),))


def _own(function: ast.FunctionDef, context: type[ast.expr_context]) -> Iterator[str]:
    """The attributes of the object that a method sets or reads."""
    this = function.args.args[0].arg if function.args.args else None
    for node in ast.walk(function):
        match node:
            case ast.Attribute(value=ast.Name(id=name), ctx=ctx) if name == this and isinstance(ctx, context):
                yield node.attr
