"""Is a model with a regularizer called more than once, as in a siamese network?"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from kmigrate.match.literals import is_literal
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import ModuleScope, Scope
from kmigrate.resolve.values import Instance, only
from kmigrate.rewrite.decision import Told
from kmigrate.rewrite.handlers import Context

_MODEL = "keras.models.Model"
_REGULARIZER = "_regularizer"
_VERSIONS = ">=2.1"
"""Keras 2.0 counts as Keras 1 does; measured on 1.2.2, 2.0.9, 2.2.4 and 2.15.0."""


def told_of_penalties(context: Context) -> Iterator[Told]:
    """What is told where a module regularizes layers and calls one model more than once."""
    scopes, evaluator = context.scopes, context.evaluator
    if _REGULARIZER not in evaluator.world.text(scopes) or not context.site.is_for(_VERSIONS):
        return
    regularized = any(
        keyword.arg is not None and keyword.arg.endswith(_REGULARIZER) and not is_literal(keyword.value, None)
        for call, _ in scopes.calls
        for keyword in call.keywords
    )
    name = _called_twice(scopes, evaluator) if regularized else None
    if name is not None:
        yield Told(
            context.site.rule, f"`{name}` is called more than once: the penalties of regularizers in a model count once for "
            "each call in Keras 1, and once in Keras 2. A factor that is larger by the number of calls keeps the loss.",
            ("loss", "training"), _VERSIONS,
        )  # fmt: skip


def _called_twice(scopes: ModuleScope, evaluator: Evaluator) -> str | None:
    """The name of a model that two calls of this module apply."""
    seen: Counter[tuple[Scope | None, str]] = Counter()
    for call, scope in scopes.calls:
        func = call.func
        if not isinstance(func, ast.Name) or not call.args:
            continue
        value = only(evaluator.values(func, scope))
        if isinstance(value, Instance) and evaluator.classes.is_a(value.cls, _MODEL):
            key = (scope.lookup(func.id), func.id)
            seen[key] += 1
            if seen[key] > 1:
                return func.id
    return None
