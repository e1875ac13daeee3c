"""Whether an initializer of the user can be called by Keras 2."""

from __future__ import annotations

import ast

from kmigrate.match.conditions import Conditions
from kmigrate.resolve.values import Partial, UserFunction
from kmigrate.rewrite.plan import Refusal

_ORDERING = "dim_ordering"
"""What the convolutions of Keras 1 tell their initializers: `functools.partial(self.init, dim_ordering=self.dim_ordering)`."""


def initializer_refusal(value: ast.expr, conditions: Conditions) -> Refusal | None:
    """Why a function can't be an initializer of Keras 2.

    Keras 1 calls `f(shape, name=...)` and takes a variable; Keras 2 calls `f(shape, dtype=...)` (2.2.5 on; `f(shape)`
    before) and wants a tensor (`keras/engine/base_layer.py` of 2.3.1, `Layer.add_weight`).
    """
    for found in conditions.evaluator.values(value, conditions.scope):
        if isinstance(found, Partial) and any(keyword.arg == _ORDERING for keyword in found.call.keywords):
            return Refusal(
                "Keras 2 gives an initializer a shape and a dtype and nothing else: pass the initializer itself. It takes the "
                "shape of a kernel for (rows, columns, channels in, channels out): one in another order starts at another scale."
            )
        if isinstance(found, UserFunction) and found.node not in conditions.adapted and not _callable_by_keras2(found.node.args):
            return Refusal(
                "Keras 2 calls an initializer as f(shape, dtype=None) and wants a tensor, not a variable: write "
                "`def f(shape, dtype=None, **kwargs)` and return K.random_normal(shape, ...) or the like."
            )
    return None


def _callable_by_keras2(arguments: ast.arguments) -> bool:
    positional = [*arguments.posonlyargs, *arguments.args]
    named = {argument.arg for argument in (*positional, *arguments.kwonlyargs)}
    required = len(positional) - len(arguments.defaults)
    return required <= 1 and ("dtype" in named or arguments.kwarg is not None)
