"""Metric functions that are called directly: one number for the batch in Keras 1, one for each sample in Keras 2."""

from __future__ import annotations

import ast

from kmigrate.rewrite.arguments.rewriting import rewrite_arguments
from kmigrate.rewrite.arguments.site import Rewritten
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.plan import Refusal

METRICS = "keras.metrics."
_MEAN = "keras.backend.mean"


def of_samples(context: Context) -> Rewritten | Refusal:
    """`K.mean(metrics.mean_squared_error(y, p))`, but where that is taken anyway: by K.mean, or by Keras itself of what a loss
    or a metric of the user's returns."""
    rewritten = rewrite_arguments(context.site, context.rewrite)
    if isinstance(rewritten, Refusal) or not context.found.name.startswith(METRICS):
        return rewritten
    if context.found.kind == "partial":
        return Refusal("a partial object of it gives one number for each sample in Keras 2, and its calls can't be seen here")
    if not _is_averaged(context) and not _is_returned_to_keras(context):
        rewritten.within = _MEAN
    return rewritten


def _is_averaged(context: Context) -> bool:
    """Whether the call is the one argument of K.mean."""
    match context.scopes.parents.get(context.site.call):
        case ast.Call(func=func, args=[argument], keywords=[]) if argument is context.site.call:
            return context.evaluator.path(func, context.found.scope) == _MEAN
        case _:
            return False


def _is_returned_to_keras(context: Context) -> bool:
    """Whether the call is what a function gives that Keras gets as a loss or a metric, and takes the mean of."""
    parent = context.scopes.parents.get(context.site.call)
    scope = context.found.scope.function
    if scope is None or not (isinstance(parent, ast.Return) or parent is scope.node):
        return False
    mark = context.roles.marks().get(scope.node)
    return mark is not None and mark.role == "loss_or_metric"
