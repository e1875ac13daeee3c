"""Which calls of Keras have their name from a file that the module runs (`%run models.py`, `execfile`)?"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from kmigrate.match.arguments import Bound, bind
from kmigrate.match.found import Found
from kmigrate.match.rules import RuleIndex
from kmigrate.match.strings import PASSED
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import ModuleScope, Scope

RAN, RUN = "ran", "run"
"""What rules call such calls, and their one key."""

_SPEAKING = frozenset({"mode", "concat_axis"})
"""Arguments that tell the function merge of Keras 1 from one of the user's."""

_PLACES = ("keras.layers", "keras.models", "keras.optimizers", "keras.regularizers")


def behind_runs(
    module: ModuleScope, evaluator: Evaluator, calls: Iterable[tuple[ast.Call, Scope]], rules: RuleIndex
) -> Iterator[Found]:
    """The first call of each name that nothing binds here, with an argument that a rule renames or drops; not those that are
    told of as calls of what nobody knows."""
    if not module.runs_files or RAN not in rules.keys:
        return
    told: set[str] = set()
    passed = rules.keys.get(PASSED, {})
    for call, scope in calls:
        func = call.func
        if not isinstance(func, ast.Name) or func.id in told or scope.lookup(func.id) is not None:
            continue
        given = {keyword.arg for keyword in call.keywords}
        if not given.isdisjoint(passed) or (func.id.islower() and given.isdisjoint(_SPEAKING)):
            continue
        path = next((known for place in _PLACES if (known := evaluator.world.keras.canonical(f"{place}.{func.id}"))), None)
        if path is not None and _is_treated(path, call, evaluator, rules):
            told.add(func.id)
            yield Found("string", RUN, func, scope, spelled=RAN)


def _is_treated(path: str, call: ast.Call, evaluator: Evaluator, rules: RuleIndex) -> bool:
    """Whether Keras 2 has no such name, or another for an argument that the call gives, but for the first by position."""
    if path in rules.gone:
        return True
    keras = evaluator.world.keras.get(path)
    bound = bind(keras.signature, call) if keras is not None and keras.signature is not None else None
    if not isinstance(bound, Bound):
        return False
    changed = rules.parameters.get(path, frozenset())
    return any(item.parameter in changed and (item.order or item.keyword) for item in bound.arguments)
