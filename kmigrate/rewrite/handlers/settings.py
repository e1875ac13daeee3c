"""The dict of settings that a loop of the user's gives to a list of callbacks: Keras 2 asks it for other keys."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from kmigrate.edits import Confidence, Edit, replace
from kmigrate.match.found import Found
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import Scope
from kmigrate.rewrite.arguments.site import Rewritten
from kmigrate.rewrite.decision import Changed, Decision
from kmigrate.rewrite.facts import Facts
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.literals import text_of
from kmigrate.rewrite.members import attribute_edit
from kmigrate.rewrite.plan import Refusal
from kmigrate.ruleset.schema import Rule
from kmigrate.source.module import Module

_KEYS = {"nb_epoch": "epochs", "nb_sample": "samples"}
_SAY = (
    "the settings have other names in Keras 2, epochs for nb_epoch and samples for nb_sample: rename them where the dict is made."
)


def public(context: Context) -> Rewritten | Refusal:
    """The keys of the dict in `callbacks.set_params({...})`."""
    given = context.site.bound.get("params")
    if given is None:
        return Rewritten()
    if _made_elsewhere(given.value, context.found.scope, context.evaluator):
        return Refusal(_SAY)
    return Rewritten(edits=list(_key_edits(context.site.module, context.rule, given.value)))


def private(facts: Facts, rule: Rule, found: Found) -> Decision | None:
    """`callbacks._set_params({...})`, which has lost its underscore as well."""
    node = found.node
    assert isinstance(node, ast.Attribute)
    call = facts.scopes.parents.get(node)
    edits: list[Edit] = []
    if isinstance(call, ast.Call) and call.func is node:
        for given in (*call.args, *(keyword.value for keyword in call.keywords)):
            if _made_elsewhere(given, found.scope, facts.evaluator):
                return None
            edits.extend(_key_edits(facts.module, rule, given))
    confidence = Confidence.SAFE if found.certain else Confidence.UNSAFE
    return Changed(rule, (attribute_edit(facts, node, "set_params", rule, confidence), *edits), confidence=confidence)


def _key_edits(module: Module, rule: Rule, node: ast.expr) -> Iterator[Edit]:
    for key in _old_keys(node):
        if isinstance(key, ast.keyword):
            start, old = module.start(key), str(key.arg)
            yield replace(start, start + len(old), _KEYS[old], rule=rule.id)
        else:
            span = module.span(key)
            yield replace(span.start, span.end, text_of(_KEYS[str(key.value)], module.segment(key)), rule=rule.id)


def _old_keys(node: ast.expr) -> list[ast.Constant | ast.keyword]:
    """The keys of a dict literal, or of `dict(...)`, that Keras 2 does not ask for."""
    match node:
        case ast.Dict(keys=keys):
            return [key for key in keys if isinstance(key, ast.Constant) and key.value in _KEYS]
        case ast.Call(func=ast.Name(id="dict"), keywords=keywords):
            return [keyword for keyword in keywords if keyword.arg in _KEYS]
        case _:
            return []


def _made_elsewhere(node: ast.expr, scope: Scope, evaluator: Evaluator) -> bool:
    """Whether a dict under a name has one of the keys: something else may ask it for them."""
    return any(_old_keys(value) for value, _ in evaluator.assigned(node, scope))
