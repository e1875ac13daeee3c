"""`optimizer.lr.set_value(x)`, which only a variable of Theano understands: `K.set_value(optimizer.lr, x)` serves them all."""

from __future__ import annotations

import ast
from functools import partial

from kmigrate.edits import Confidence
from kmigrate.match.arguments import Bound
from kmigrate.match.found import Found
from kmigrate.rewrite.decision import Changed, Decision, ForReview, Same, Text
from kmigrate.rewrite.facts import Facts
from kmigrate.rewrite.template import edits_of
from kmigrate.ruleset.schema import Rule

_BACKEND = "keras.backend"


def of_model(facts: Facts, rule: Rule, found: Found) -> Decision | None:
    """`model.optimizer.lr.set_value(x)`."""
    rate = facts.scopes.parents.get(found.node)
    return _asked(facts, rule, found, rate) if isinstance(rate, ast.Attribute) and rate.attr == "lr" else Same()


def of_optimizer(facts: Facts, rule: Rule, found: Found) -> Decision | None:
    """`optimizer.lr.set_value(x)`."""
    return _asked(facts, rule, found, found.node)


def _asked(facts: Facts, rule: Rule, found: Found, rate: ast.AST) -> Decision:
    method = facts.scopes.parents.get(rate)
    call = facts.scopes.parents.get(method) if isinstance(method, ast.Attribute) else None
    if not isinstance(rate, ast.expr) or not isinstance(method, ast.Attribute) or not isinstance(call, ast.Call):
        return Same()
    if call.func is not method or method.attr not in ("set_value", "get_value"):
        return Same()
    given = [argument for argument in call.args if not isinstance(argument, ast.Starred)]
    if call.keywords or len(given) != len(call.args) or len(given) != (method.attr == "set_value"):
        return ForReview(rule.id, rule.say or rule.title)
    module, whole, kept = facts.module, facts.module.span(call), facts.module.span(rate)
    values = [module.span(argument) for argument in given]
    beside = module.text[kept.end : whole.end] if not values else (
        module.text[kept.end : values[0].start] + module.text[values[0].end : whole.end]
    )  # fmt: skip
    lost = "a comment between the arguments would be lost" if "#" in beside else None
    confidence = Confidence.SAFE if found.certain and lost is None else Confidence.UNSAFE
    template = f"backend.{method.attr}({', '.join(['$object', *('$value' for _ in given)])})"
    build = partial(
        edits_of, rule.id, template, Bound(()), None, whole, {}, confidence, kept, holes={"value": tuple(values)}
    )
    return Changed(rule, text=Text((_BACKEND,), build), confidence=confidence, reason=lost)
