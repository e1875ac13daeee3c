"""`Flatten` with the channels first: Keras 1 flattens in memory order, Keras 2 (from 2.1.6) moves the channels last."""

from __future__ import annotations

from kmigrate.rewrite.arguments import Rewritten, rewrite_arguments
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.handlers.ordering import orderings
from kmigrate.rewrite.plan import Refusal


def in_memory_order(context: Context) -> Rewritten | Refusal:
    """`data_format='channels_last'`, which means memory order, where the module may set another ordering than 'tf'."""
    rewrite = context.rewrite
    if any(ordering != "tf" for ordering in orderings(context)):
        rewrite = rewrite.model_copy(update={"add": {**rewrite.add, "data_format": "'channels_last'"}})
    return rewrite_arguments(context.site, rewrite)
