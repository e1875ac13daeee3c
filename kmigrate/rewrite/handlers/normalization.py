"""`BatchNormalization(mode=2)(x)`: the statistics of the batch at all times, which Keras 2 calls `training=True`."""

from __future__ import annotations

import ast

from kmigrate.edits import insert
from kmigrate.rewrite.arguments.rewriting import rewrite_arguments
from kmigrate.rewrite.arguments.site import Rewritten
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.layout import layout
from kmigrate.rewrite.plan import Refusal

_APPLY = (
    "mode=2 uses the statistics of the batch also at test time. In functional code drop `mode` and call the layer with "
    "training=True, as in BatchNormalization()(x, training=True). A Sequential needs a subclass whose call() passes "
    "training=True on."
)
_FROZEN = (
    "mode=2 uses the statistics of the batch at all times: BatchNormalization()(x, training=True). But this module "
    "also sets `trainable`, and a frozen layer of Keras 2.15 uses its moving averages in spite of training=True."
)


def batch_statistics(context: Context) -> Rewritten | Refusal:
    """The argument table; for mode=2, `training=True` in the call that applies the new layer at once."""
    site = context.site
    mode = site.bound.get("mode")
    if mode is None or site.conditions.literal(mode.value) != 2:
        return rewrite_arguments(site, context.rewrite)
    applied = _applied(context)
    if applied is None:
        return Refusal(_APPLY)
    if _freezes(context):
        return Refusal(_FROZEN)
    drop = {**context.rewrite.drop, "mode": "any"}
    rewritten = rewrite_arguments(site, context.rewrite.model_copy(update={"drop": drop}))
    if not isinstance(rewritten, Refusal):
        at, text = layout(site.module, applied).appended("training=True")
        rewritten.edits.append(insert(at, text, rule=context.rule.id))
    return rewritten


def _applied(context: Context) -> ast.Call | None:
    """The call `BatchNormalization(...)(x)` of this layer; None if it goes elsewhere."""
    made = context.site.call
    parent = context.scopes.parents.get(made)
    if context.found.kind != "call" or not isinstance(parent, ast.Call) or parent.func is not made:
        return None
    plain = len(parent.args) == 1 and not parent.keywords and not isinstance(parent.args[0], ast.Starred)
    return parent if plain else None


def _freezes(context: Context) -> bool:
    """Whether the module sets `trainable` of anything to another value than True."""
    for node, _ in context.scopes.attribute_stores:
        if node.attr == "trainable":
            statement = context.scopes.statement(node)
            value = statement.value if isinstance(statement, ast.Assign) else None
            if not (isinstance(value, ast.Constant) and value.value is True):
                return True
    return False
