"""`merge` of a tuple: the merge functions of Keras 2 insist on a list."""

from __future__ import annotations

import ast

from kmigrate.edits import insert, replace
from kmigrate.rewrite.arguments.rewriting import rewrite_arguments
from kmigrate.rewrite.arguments.site import Rewritten
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.layout import layout
from kmigrate.rewrite.plan import Refusal

_NO_LIST = "the functions of Keras 2 take a list of tensors, and this is a tuple. Make it a list, then migrate again."


def inputs_as_list(context: Context) -> Rewritten | Refusal:
    """The argument table, and a tuple of inputs turned into a list (Keras 2, `keras/layers/merge.py`, `_Merge.build`)."""
    site = context.site
    rewritten = rewrite_arguments(site, context.rewrite)
    inputs = site.bound.get("inputs")
    if isinstance(rewritten, Refusal) or inputs is None:
        return rewritten
    named = _names_tuple(context, inputs.value)
    if not named and not isinstance(inputs.value, ast.Tuple):
        return rewritten
    value = layout(site.module, site.call).slots[inputs.order + site.bound.leading].value
    text = site.module.text
    rule = context.rule.id
    if named:
        if context.found.scope.lookup("list") is not None:
            return Refusal(_NO_LIST)
        rewritten.edits.append(insert(value.start, "list(", rule=rule))
        rewritten.edits.append(insert(value.end, ")", rule=rule))
    opening = text[value.start] == "("
    if not isinstance(inputs.value, ast.Tuple) or not opening:
        return rewritten
    end = value.end - 1
    single = len(inputs.value.elts) == 1
    while single and text[end - 1] in " ,":
        end -= 1
    rewritten.edits.append(replace(value.start, value.start + 1, "[", rule=rule))
    rewritten.edits.append(replace(end, value.end, "]", rule=rule))
    return rewritten


def _names_tuple(context: Context, value: ast.expr) -> bool:
    """Whether it is a name that stands for a tuple, in one place at least."""
    bindings = context.evaluator.bindings(value, context.found.scope) if isinstance(value, ast.Name) else None
    return any(isinstance(binding.assigned, ast.Tuple) for binding in bindings or ())
