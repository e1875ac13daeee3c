"""`self.model.stop_training = True` when a batch begins or ends: Keras 1 finishes the epoch, Keras 2 stops at once.

`_fit_loop` and `fit_generator` of keras/engine/training.py: 1.2.2 asks stop_training behind an epoch, 2.0.0 behind a batch too.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from kmigrate.match.found import Found
from kmigrate.rewrite.decision import Decision, Same, Told
from kmigrate.rewrite.facts import Facts
from kmigrate.ruleset.schema import Rule

_BATCHES = frozenset({"on_batch_begin", "on_batch_end"})


def within_epoch(facts: Facts, rule: Rule, found: Found) -> Decision:
    """A note for an assignment in a method that runs with each batch, or that such a method of the class calls."""
    statement = facts.scopes.statement(found.node)
    value = statement.value if isinstance(statement, ast.Assign) else None
    owner = facts.evaluator.classes.enclosing(found.scope)
    if owner is None or (isinstance(value, ast.Constant) and not value.value):
        return Same()
    here = found.scope.function
    name = getattr(here.node, "name", "") if here is not None else ""
    if name not in _with_batches(owner.node):
        return Same()
    return Same((Told(rule.id, rule.say or rule.title, ("training",)),))


def _with_batches(owner: ast.ClassDef) -> set[str]:
    """The methods of a class that run with a batch: those that Keras calls then, and those that they call themselves."""
    methods = {node.name: node for node in owner.body if isinstance(node, ast.FunctionDef)}
    running: set[str] = set()
    pending = [name for name in methods if name in _BATCHES]
    while pending:
        name = pending.pop()
        if name not in running:
            running.add(name)
            pending += [called for called in _called(methods[name]) if called in methods]
    return running


def _called(method: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(method):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr=name)):
                yield name
