"""Attributes that say yes or no in Keras 1, and whose name Keras 2 has for something else."""

from __future__ import annotations

import ast

from kmigrate.edits import Confidence
from kmigrate.match.found import Found
from kmigrate.rewrite.decision import Changed, Decision, Same
from kmigrate.rewrite.facts import Facts
from kmigrate.rewrite.members import attribute_edit
from kmigrate.ruleset.schema import Rule

_FLAGS = ("bias", "use_bias")


def of_bias(facts: Facts, rule: Rule, found: Found) -> Decision | None:
    """`layer.bias` where it is asked whether it is true, or handed on as such a flag; the vector of Keras 2 is neither."""
    node = found.node
    assert isinstance(node, ast.Attribute)
    if facts.dialect.keras2 or not _is_flag(facts, node):
        return Same()
    confidence = Confidence.SAFE if found.certain else Confidence.UNSAFE
    return Changed(rule, (attribute_edit(facts, node, "use_bias", rule, confidence),), confidence=confidence)


def _is_flag(facts: Facts, node: ast.expr) -> bool:
    parent = facts.scopes.parents.get(node)
    match parent:
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test) | ast.Assert(test=test):
            return test is node
        case ast.UnaryOp(op=ast.Not()):
            return True
        case ast.BoolOp(values=values):
            return node is not values[-1] or _is_flag(facts, parent)
        case ast.Compare(left=left, comparators=[ast.Constant(value=bool())]):
            return left is node
        case ast.keyword(arg=arg):
            return arg in _FLAGS
        case ast.Call(func=ast.Name(id="bool")):
            return True
        case ast.Dict(keys=keys, values=values):
            key = keys[values.index(node)] if node in values else None
            return isinstance(key, ast.Constant) and key.value in _FLAGS
        case _:
            return False
