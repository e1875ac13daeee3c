"""`Flatten` with the channels first: Keras 1 flattens in memory order, Keras 2 (from 2.1.6) moves the channels last."""

from __future__ import annotations

from kmigrate.rewrite.arguments.rewriting import rewrite_arguments
from kmigrate.rewrite.arguments.site import Rewritten
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.handlers.ordering import orderings, serves_both
from kmigrate.rewrite.image_shapes import shows_channels_first
from kmigrate.rewrite.plan import Refusal


def in_memory_order(context: Context) -> Rewritten | Refusal:
    """`data_format='channels_last'`, which means memory order, where the module may have another ordering than 'tf'."""
    rewrite = context.rewrite
    known = list(orderings(context))
    if known:
        anything_else = any(ordering != "tf" for ordering in known)
    else:
        anything_else = serves_both(context) or shows_channels_first(context.evaluator, context.scopes)
    if anything_else:
        rewrite = rewrite.model_copy(update={"add": {**rewrite.add, "data_format": "'channels_last'"}})
    return rewrite_arguments(context.site, rewrite)
