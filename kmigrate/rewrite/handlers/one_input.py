"""A layer that is called with a list of its one tensor."""

from __future__ import annotations

import ast

from kmigrate.edits import replace
from kmigrate.rewrite.arguments.site import Rewritten
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.plan import Refusal


def taken_out(context: Context) -> Rewritten | Refusal:
    """The tensor stands in the place of the list, but where a comment or parentheses would be lost."""
    (given,) = context.site.call.args
    assert isinstance(given, ast.List)
    module = context.site.module
    whole, item = module.span(given), module.span(given.elts[0])
    around = module.text[whole.start : item.start] + module.text[item.end : whole.end]
    if around.strip("[], \t\r\n"):
        return Refusal("A layer with one input is called with the tensor itself: take it out of the list.")
    return Rewritten([replace(whole.start, whole.end, item, rule=context.rule.id)])
