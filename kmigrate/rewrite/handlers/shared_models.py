"""Is a model with a regularizer called more than once, as in a siamese network?"""

from __future__ import annotations

import ast
from collections import Counter

from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import ModuleScope, Scope
from kmigrate.resolve.values import Instance, only
from kmigrate.rewrite.decision import Told

_MODEL = "keras.models.Model"
_REGULARIZER = "_regularizer"
VERSIONS = ">=2.1"
"""Keras 2.0 counts as Keras 1 does; measured on 1.2.2, 2.0.9, 2.2.4 and 2.15.0."""


def told_of_penalties(rule: str, scopes: ModuleScope, evaluator: Evaluator) -> Told | None:
    """What is told where a module regularizes layers and calls one model more than once."""
    regularized = _REGULARIZER in evaluator.world.text(scopes) and any(
        keyword.arg is not None and keyword.arg.endswith(_REGULARIZER) and not _is_none(keyword.value)
        for call, _ in scopes.calls
        for keyword in call.keywords
    )
    name = _called_twice(scopes, evaluator) if regularized else None
    if name is None:
        return None
    return Told(
        rule, f"`{name}` is called more than once: the penalties of regularizers in a model count once for each call in Keras 1, "
        "and once in Keras 2. A factor that is larger by the number of calls keeps the loss.", ("loss", "training"), VERSIONS,
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


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
