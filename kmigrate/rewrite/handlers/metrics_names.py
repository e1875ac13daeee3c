"""Does code ask a model for the names of its metrics before it has any?"""

from __future__ import annotations

import ast

from kmigrate.match.found import Found
from kmigrate.rewrite.decision import Decision, Same
from kmigrate.rewrite.facts import Facts
from kmigrate.ruleset.schema import Rule

_RUNNING = frozenset("evaluate evaluate_generator fit fit_generator test_on_batch train_on_batch".split())
"""Methods that make the metrics of a model."""


def before_training(facts: Facts, rule: Rule, found: Found) -> Decision | None:
    """Nothing where the same function trains or evaluates something before, or is what a callback does at the end; else the
    review."""
    node = found.node
    assert isinstance(node, ast.expr)
    if found.scope.kind == "function" and getattr(found.scope.node, "name", "").endswith("_end"):
        return Same()
    for call, scope in facts.scopes.calls:
        before = (call.lineno, call.col_offset) < (node.lineno, node.col_offset)
        if before and scope is found.scope and getattr(call.func, "attr", None) in _RUNNING:
            return Same()
    return None
