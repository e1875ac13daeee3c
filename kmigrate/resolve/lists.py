"""What does a list hold that grows by `append`?"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from kmigrate.resolve.scopes import Binding
from kmigrate.resolve.values import NOTHING, Sequence, Values

if TYPE_CHECKING:
    from kmigrate.resolve.evaluate import Evaluator


def grown(evaluator: Evaluator, binding: Binding, made: Values) -> Values:
    """The value of a name that is bound to a list literal: `made`, or a list of that and of all that is appended to it."""
    added = NOTHING
    for call, scope in evaluator.callers(binding.scope.module, "append"):
        held = call.func.value if isinstance(call.func, ast.Attribute) else None
        if not isinstance(held, ast.Name) or held.id != binding.name or len(call.args) != 1 or binding.path:
            continue
        if binding in (evaluator.bindings(held, scope) or ()):
            added |= evaluator.values(call.args[0], scope)
    if not added:
        return made
    items = added.union(*(item for found in made if isinstance(found, Sequence) for item in found.items))
    return frozenset({Sequence((items,), homogeneous=True)})
