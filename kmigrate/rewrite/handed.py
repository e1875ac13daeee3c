"""Is a class handed to something that calls it out of sight, with arguments that stand beside it: `map(LSTM, sizes)`?"""

from __future__ import annotations

import ast

from kmigrate.match.found import Found
from kmigrate.resolve.partials import is_partial
from kmigrate.resolve.values import Other, Unknown
from kmigrate.rewrite.decision import ForReview
from kmigrate.rewrite.facts import Facts
from kmigrate.ruleset.schema import Rewrite, Rule

_ASKING = frozenset(
    "isinstance issubclass hasattr getattr setattr delattr type super print str repr format id hash vars dir wraps "
    "update_wrapper getargspec getfullargspec signature getsource cast partial".split()
)
"""What looks at a class and does not call it, and the partial objects, whose calls are seen."""

_UNPACKING = frozenset({"starmap", "apply", "apply_async"})
"""What gives a class the items of what stands beside it."""


def handed_over(facts: Facts, found: Found, rule: Rule, rewrite: Rewrite) -> ForReview | None:
    """The review of a class whose calls would have to change, but can't be seen."""
    call = facts.scopes.parents.get(found.node)
    if not isinstance(call, ast.Call) or call.args[:1] != [found.node] or len(call.args) + len(call.keywords) < 2:
        return None
    func = call.func
    name = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
    if name in _ASKING or not _changes(facts, found, rewrite, call, name):
        return None
    if not all(isinstance(value, Other | Unknown) for value in facts.evaluator.values(func, found.scope)):
        return None
    return ForReview(
        rule.id, f"{rule.title}; here `{name}` gets the class together with arguments, and its calls can't be seen.",
        "Give the arguments as Keras 2 wants them, defaults that moved included, or call the class here.",
    )  # fmt: skip


def method_handed_over(facts: Facts, found: Found) -> ForReview | None:
    """The review of a method that is handed over with keywords that its rule treats: `pool.submit(m.fit, nb_epoch=3)`."""
    call = facts.scopes.parents.get(found.node)
    if not isinstance(call, ast.Call) or call.args[:1] != [found.node] or not call.keywords:
        return None
    treated = facts.places.rules.parameters.get(found.name, frozenset())
    named = [keyword.arg for keyword in call.keywords if keyword.arg in treated]
    if not named or is_partial(facts.evaluator, call.func, found.scope):
        return None
    rule = facts.places.rules.calls[found.name][0]
    return ForReview(
        rule.id, f"{rule.title}; `{named[0]}` is given beside the method here, for something that calls it out of sight.",
        "Write it with the name that it has in Keras 2, and see that what else the call needs is given.",
    )  # fmt: skip


def _changes(facts: Facts, found: Found, rewrite: Rewrite, call: ast.Call, name: str) -> bool:
    """Whether a call with the arguments that stand beside the class would be rewritten."""
    treated = facts.places.rules.parameters.get(found.name, frozenset())
    if rewrite.require or any(keyword.arg in treated for keyword in call.keywords):
        return True
    keras1, targets = facts.keras1(found), facts.targets(found, rewrite)
    if keras1 is None or not targets:
        return False
    count = None if name in _UNPACKING else len(call.args) - 1
    for index, parameter in enumerate(keras1.positional[:count]):
        fate = rewrite.by_parameter.get(parameter.name)
        new = parameter.name if fate is None else fate[1].rename
        if parameter.default is None and (new is None or any(target.position(new) != index for _, target in targets)):
            return True
    return False
