"""Layers inside wrappers."""

from __future__ import annotations

import ast

from kmigrate.rewrite.arguments import Rewritten, rewrite_arguments
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.plan import Refusal


def weights_of_inner(context: Context) -> Rewritten | Refusal:
    """Refuse a wrapped layer with `weights=`: Keras 2 never sets them (measured on 2.0.9 to 2.15.0, no error)."""
    inner = context.site.bound.get("layer")
    if inner is not None and isinstance(inner.value, ast.Call):
        for keyword in inner.value.keywords:
            literal_none = isinstance(keyword.value, ast.Constant) and keyword.value.value is None
            if keyword.arg == "weights" and not literal_none:
                return Refusal(
                    "Keras 2 silently ignores `weights=` of a layer inside a wrapper: leave it out, and call "
                    "set_weights() on the wrapped layer when the model is built."
                )
    return rewrite_arguments(context.site, context.rewrite)
