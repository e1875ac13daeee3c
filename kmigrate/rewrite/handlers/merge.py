"""`merge` of a tuple: the merge functions of Keras 2 insist on a list."""

from __future__ import annotations

import ast

from kmigrate.edits import replace
from kmigrate.rewrite.arguments import Rewritten, rewrite_arguments
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.layout import layout
from kmigrate.rewrite.plan import Refusal


def inputs_as_list(context: Context) -> Rewritten | Refusal:
    """The argument table, and a tuple of inputs turned into a list (Keras 2, `keras/layers/merge.py`, `_Merge.build`)."""
    site = context.site
    rewritten = rewrite_arguments(site, context.rewrite)
    inputs = site.bound.get("inputs")
    if isinstance(rewritten, Refusal) or inputs is None or not isinstance(inputs.value, ast.Tuple):
        return rewritten
    value = layout(site.module, site.call).slots[inputs.order + site.bound.leading].value
    text = site.module.text
    opening = text[value.start] == "("
    rule = context.rule.id
    if not opening:
        return rewritten
    end = value.end - 1
    single = len(inputs.value.elts) == 1
    while single and text[end - 1] in " ,":
        end -= 1
    rewritten.edits.append(replace(value.start, value.start + 1, "[", rule=rule))
    rewritten.edits.append(replace(end, value.end, "]", rule=rule))
    return rewritten
