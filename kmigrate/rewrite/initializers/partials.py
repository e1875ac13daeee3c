"""What becomes of `functools.partial(initializations.normal, scale=0.02)`, where it serves as an initializer alone?"""

from __future__ import annotations

import ast
from functools import partial

from kmigrate.edits import Confidence
from kmigrate.match.arguments import Misfit
from kmigrate.match.found import Found
from kmigrate.resolve.partials import is_partial
from kmigrate.rewrite.decision import Changed, Text
from kmigrate.rewrite.facts import Facts
from kmigrate.rewrite.initializers.serving import object_rule, serves_layers
from kmigrate.rewrite.layout import layout
from kmigrate.rewrite.template import edits_of


def within_partial(facts: Facts, found: Found) -> Found | None:
    """The partial object of which a name is the function: both are one use."""
    call = facts.scopes.parents.get(found.node)
    if not isinstance(call, ast.Call) or call.args[:1] != [found.node]:
        return None
    if not is_partial(facts.evaluator, call.func, found.scope):
        return None
    return Found("partial", found.name, call.func, found.scope, call, leading=1)


def partial_initializer(facts: Facts, found: Found) -> Changed | None:
    """The object in its place, by a rule for `partial: initializer`; None where it may be called with a shape."""
    call, keras1 = found.call, facts.keras1(found)
    if call is None or keras1 is None or not serves_layers(facts, call, found.scope):
        return None
    bound = facts.bound(found, keras1)
    if isinstance(bound, Misfit) or bound.opaque is not None:
        return None
    known = object_rule(facts, found, bound)
    if known is None:
        return None
    rule, rewrite, template = known
    build = partial(
        edits_of, rule.id, template, bound, layout(facts.module, call), facts.module.span(call),
        facts.defaults(found, keras1), Confidence.SAFE, None,
    )  # fmt: skip
    return Changed(rule, text=Text(rewrite.imports, build))
