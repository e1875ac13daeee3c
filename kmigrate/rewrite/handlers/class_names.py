"""`layer.__class__.__name__ == 'Convolution2D'`: the classes of some layers have other names in Keras 2."""

from __future__ import annotations

import ast

from kmigrate.edits import Confidence, replace
from kmigrate.match.found import Found
from kmigrate.rewrite.decision import Changed, Decision, Same
from kmigrate.rewrite.facts import Facts
from kmigrate.rewrite.literals import text_of
from kmigrate.ruleset.schema import Rule

_RENAMED = {
    "Convolution1D": "Conv1D", "Convolution2D": "Conv2D", "Convolution3D": "Conv3D", "Deconvolution2D": "Conv2DTranspose",
    "SeparableConvolution2D": "SeparableConv2D",
}  # fmt: skip
_MERGED = {"AtrousConvolution1D": "Convolution1D", "AtrousConvolution2D": "Convolution2D", "TimeDistributedDense": "Dense"}
"""Classes that became one with another: where both names are asked for, that is all."""

_GONE = frozenset({"Merge", "MaxoutDense", "Highway", "SReLU", "ParametricSoftplus"})


def compared(facts: Facts, rule: Rule, found: Found) -> Decision | None:
    """The names get those of Keras 2; None where one of them has none, or stands for more than it did."""
    assert isinstance(found.node, ast.Attribute)
    named = facts.scopes.parents.get(found.node)
    compare = facts.scopes.parents.get(named) if named is not None else None
    if not isinstance(compare, ast.Compare) or len(compare.ops) != 1:
        return Same()
    literals = [item for side in (compare.left, compare.comparators[0]) for item in _strings(side)]
    names = {str(literal.value) for literal in literals}
    if isinstance(compare.ops[0], ast.In | ast.NotIn) and _parts(compare.left):
        return None
    if not names & (_RENAMED.keys() | _MERGED.keys() | _GONE):
        return Same()
    if names & _GONE or any(whole not in names for name, whole in _MERGED.items() if name in names):
        return None
    edits = []
    for literal in literals:
        new = _RENAMED.get(_MERGED.get(str(literal.value), str(literal.value)))
        if new is not None:
            span = facts.module.span(literal)
            text = text_of(new, facts.module.segment(literal))
            edits.append(replace(span.start, span.end, text, rule=rule.id, confidence=Confidence.UNSAFE))
    return Changed(rule, tuple(edits), confidence=Confidence.UNSAFE) if edits else None


def _parts(node: ast.expr) -> bool:
    """Whether a part of the old names is looked for that is in none of the new ones: `'Convolution' in name`."""
    words = [str(item.value) for item in _strings(node)]
    return any(
        any(word in old for old in _RENAMED) and not any(word in new for new in _RENAMED.values()) for word in words
    )


def _strings(node: ast.expr) -> list[ast.Constant]:
    """The strings that a name is compared with, or looked for among."""
    items = node.elts if isinstance(node, ast.List | ast.Tuple | ast.Set) else [node]
    return [item for item in items if isinstance(item, ast.Constant) and isinstance(item.value, str)]
