"""Callbacks whose functions Keras 2 calls in another way."""

from __future__ import annotations

import ast

from kmigrate.edits import replace
from kmigrate.resolve.values import UserFunction, only
from kmigrate.rewrite.arguments.rewriting import rewrite_arguments
from kmigrate.rewrite.arguments.site import Rewritten
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.layout import layout
from kmigrate.rewrite.plan import Refusal


def schedule_of_epoch(context: Context) -> Rewritten | Refusal:
    """Keep a schedule of two parameters from being called as `schedule(epoch, lr)`.

    Keras since 2.1.4 tries that first (`keras/callbacks.py`, `LearningRateScheduler.on_epoch_begin`); Keras 1 calls
    `schedule(epoch)`, so the second parameter keeps its default.
    """
    site = context.site
    rewritten = rewrite_arguments(site, context.rewrite)
    schedule = site.bound.get("schedule")
    if isinstance(rewritten, Refusal) or schedule is None:
        return rewritten
    function = only(context.evaluator.values(schedule.value, context.found.scope))
    if not isinstance(function, UserFunction) or not _takes_two(function):
        return rewritten
    value = layout(site.module, site.call).slots[schedule.order + site.bound.leading].value
    before, after = ("", "") if isinstance(schedule.value, ast.Name | ast.Attribute) else ("(", ")")
    rewritten.edits.append(
        replace(value.start, value.end, f"lambda epoch: {before}", value, f"{after}(epoch)", rule=context.rule.id)
    )
    return rewritten


def _takes_two(function: UserFunction) -> bool:
    arguments = function.node.args
    bound = 1 if function.owner is not None else 0
    return len(arguments.posonlyargs) + len(arguments.args) - bound > 1 or arguments.vararg is not None
