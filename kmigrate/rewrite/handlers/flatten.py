"""`Flatten` with the channels first: Keras 1 flattens in memory order, Keras 2 (from 2.1.6) moves the channels last."""

from __future__ import annotations

from kmigrate.rewrite.arguments.rewriting import rewrite_arguments
from kmigrate.rewrite.arguments.site import Rewritten
from kmigrate.rewrite.decision import Told
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.handlers.image_shapes import shows_channels_first
from kmigrate.rewrite.handlers.ordering import orderings, serves_both
from kmigrate.rewrite.plan import Refusal

_CONFIGURED = (
    'The channels come first in the shape of the images, which Keras 1 has from "image_dim_ordering": "th" in keras.json. '
    'Keras 2 reads "image_data_format": "channels_first" there; without it the first number counts rows. Kernels are (rows, '
    "columns, in, out) there too: arrays for set_weights and weights= need np.transpose(kernel, (2, 3, 1, 0)), those of volumes "
    "(2, 3, 4, 1, 0)."
)


def in_memory_order(context: Context) -> Rewritten | Refusal:
    """`data_format='channels_last'`, which means memory order, where the module may have another ordering than 'tf'."""
    rewrite = context.rewrite
    known = list(orderings(context))
    configured = not known and shows_channels_first(context)
    if configured or any(ordering != "tf" for ordering in known) or (not known and serves_both(context)):
        rewrite = rewrite.model_copy(update={"add": {**rewrite.add, "data_format": "'channels_last'"}})
    rewritten = rewrite_arguments(context.site, rewrite)
    if configured and isinstance(rewritten, Rewritten):
        rewritten.notes.append(Told(context.rule.id, _CONFIGURED, ()))
    return rewritten
