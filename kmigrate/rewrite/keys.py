"""Which key of a dict that Keras fills is asked for (`self.params['nb_epoch']`), and what becomes of it?"""

from __future__ import annotations

import ast

from kmigrate.edits import replace
from kmigrate.match.arguments import Argument, Bound
from kmigrate.match.found import Found
from kmigrate.rewrite.decision import Changed, Decision, ForReview, Same
from kmigrate.rewrite.facts import Facts
from kmigrate.rewrite.literals import text_of
from kmigrate.ruleset.schema import Rule

KEY = "key"
"""What conditions of a review call the key."""


def decide_key(facts: Facts, rule: Rule, found: Found) -> Decision:
    """The key follows the rule's table; a dict that is bound to another name is left to a person."""
    assert isinstance(found.node, ast.Attribute) and rule.rewrite is not None
    parent = facts.scopes.parents.get(found.node)
    key = _key(parent, found.node, facts)
    if key is None:
        if isinstance(parent, ast.Assign) and parent.value is found.node:
            return ForReview(rule.id, f"{rule.title}; here it gets another name, so that its keys can't be seen.")
        return Same()
    bound = Bound((Argument(KEY, key, 0),))
    for case in rule.review:
        if facts.conditions(found).hold(case.when, bound, {}):
            return ForReview(rule.id, case.say)
    new = rule.rewrite.literals.get(str(key.value))
    if new is None:
        return Same()
    span = facts.module.span(key)
    edit = replace(span.start, span.end, text_of(new, facts.module.segment(key)), rule=rule.id)
    return Changed(rule, (edit,))


def _key(parent: ast.AST | None, node: ast.Attribute, facts: Facts) -> ast.Constant | None:
    """The literal key of `node[key]`, `node.get(key)` and `key in node`."""
    match parent:
        case ast.Subscript(value=value, slice=ast.Constant(value=str()) as key) if value is node:
            return key
        case ast.Compare(left=ast.Constant(value=str()) as key, ops=[ast.In() | ast.NotIn()], comparators=[value]) if (
            value is node
        ):
            return key
        case ast.Attribute(attr="get" | "pop" | "setdefault"):
            call = facts.scopes.parents.get(parent)
            if isinstance(call, ast.Call) and call.func is parent and call.args:
                first = call.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    return first
    return None
