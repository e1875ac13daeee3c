"""Does a callback evaluate its model within an epoch, in the middle of what the epoch measures?

Measured on 1.2.2, 2.0.9, 2.2.4, 2.3.1 and 2.15.0: from 2.3 on the history, and what callbacks are told, are those of the
evaluation and the batches behind it.
"""

from __future__ import annotations

import ast

from kmigrate.match.found import Found
from kmigrate.rewrite.decision import Decision, Same, Told
from kmigrate.rewrite.facts import Facts
from kmigrate.ruleset.schema import Rule

_MEASURED = ">=2.3"
_EVALUATING = frozenset({"evaluate", "evaluate_generator"})


def of_method(facts: Facts, rule: Rule, found: Found) -> Decision:
    """A note for a method that runs with each batch, where it calls `self.model.evaluate`."""
    if facts.places.is_for(_MEASURED) and any(map(_evaluates, ast.walk(found.node))):
        return Same((Told(rule.id, rule.say or rule.title, (), _MEASURED),))
    return Same()


def _evaluates(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Attribute(value=ast.Name(), attr="model"), attr=name)):
            return name in _EVALUATING
        case _:
            return False
