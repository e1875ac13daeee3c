"""What a layer of the user writes into its config of the initializers, regularizers and constraints that it holds."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial

from kmigrate.edits import Edit, Span, replace
from kmigrate.match.found import Found
from kmigrate.resolve.values import NONE, Result
from kmigrate.rewrite.decision import Changed, Decision, ForReview, Same, Text
from kmigrate.rewrite.facts import Facts
from kmigrate.ruleset.schema import Rule

_NAMED = {Result("keras.initializations.get"): "keras.initializers"}
"""What is written by its `__name__`, and the module of Keras 2 that writes it."""
_DESCRIBED = {Result(f"{module}.get"): module for module in ("keras.regularizers", "keras.constraints")}
"""What is written by its `get_config()`, likewise."""


def of_parts(facts: Facts, rule: Rule, found: Found) -> Decision | None:
    """`self.init.__name__` and `self.W_regularizer.get_config()` in get_config become what `get` of Keras 2 reads again."""
    function = found.node
    assert isinstance(function, ast.FunctionDef)
    parts = list(_parts(facts, function))
    if not parts:
        return Same()
    if any(isinstance(facts.scopes.parents.get(node), ast.Compare) for node, _, _ in parts):
        return ForReview(rule.id, rule.say or rule.title)
    spans = [(facts.module.span(node), facts.module.span(held), module) for node, held, module in parts]
    needed = tuple(sorted({module for _, _, module in spans}))
    return Changed(rule, text=Text(needed, partial(_serialized, rule.id, spans)))


def _parts(facts: Facts, function: ast.FunctionDef) -> Iterator[tuple[ast.expr, ast.expr, str]]:
    """What writes a part, the part itself, and the module whose `serialize` writes it in Keras 2."""
    here = facts.scopes.scope_of[function]
    attributes = facts.scopes.attributes
    for attribute, scope in (*attributes.get("__name__", ()), *attributes.get("get_config", ())):
        if scope is not here:
            continue
        whole: ast.expr = attribute
        modules = _NAMED
        if attribute.attr == "get_config":
            parent = facts.scopes.parents.get(attribute)
            if not isinstance(parent, ast.Call) or parent.func is not attribute or parent.args or parent.keywords:
                continue
            whole, modules = parent, _DESCRIBED
        values = facts.evaluator.values(attribute.value, scope) - NONE
        found = {modules.get(value) for value in values if isinstance(value, Result)}
        if len(found) == len(values) == 1 and (module := found.pop()) is not None:
            yield whole, attribute.value, module


def _serialized(rule: str, spans: list[tuple[Span, Span, str]], spelled: dict[str, str]) -> list[Edit]:
    return [
        replace(whole.start, whole.end, f"{spelled[module]}.serialize(", held, ")", rule=rule)
        for whole, held, module in spans
    ]
