"""Is a class handed to something that calls it out of sight: `map(LSTM, sizes)`, or a function of another module?"""

from __future__ import annotations

import ast

from kmigrate.match.found import Found
from kmigrate.match.keys import STORED
from kmigrate.resolve.handing import Elsewhere, called_elsewhere
from kmigrate.resolve.partials import is_partial
from kmigrate.resolve.values import KerasName, Other, Unknown
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
    """The review of a class whose calls would have to change, but can't be seen, or stand in another module."""
    assert isinstance(found.node, ast.expr)
    call = _given_to(facts, found.node)
    if call is None:
        return None
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in _ASKING:
        return None
    values = facts.evaluator.values(call.func, found.scope)
    for at in (at for value in values for at in called_elsewhere(facts.evaluator, value, call, found.node, facts.scopes)):
        if _changes_there(facts, found, rewrite, at, call):
            line = f"{at.module.key}:{at.call.lineno}"
            return ForReview(
                rule.id, f"{rule.title}; here `{name}` gets the class, and calls it at {line}.",
                "See that this call gives what Keras 2 wants, defaults that moved included.",
            )  # fmt: skip
    if not all(isinstance(value, Other | Unknown | KerasName) for value in values):
        return None
    of_keras = any(isinstance(value, KerasName) for value in values)
    if not _holds_keywords(facts, found, call) and (of_keras or not _changes(facts, found, rewrite, call, name)):
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


def _given_to(facts: Facts, node: ast.expr) -> ast.Call | None:
    """The call that something is an argument of."""
    parent = facts.scopes.parents.get(node)
    call = facts.scopes.parents.get(parent) if isinstance(parent, ast.keyword) else parent
    return call if isinstance(call, ast.Call) and call.func is not node else None


def _changes_there(facts: Facts, found: Found, rewrite: Rewrite, at: Elsewhere, call: ast.Call) -> bool:
    """Whether the call in the other module would be rewritten if it stood here."""
    treated = facts.places.rules.parameters.get(found.name, frozenset())
    named: set[str | None] = {keyword.arg for keyword in at.call.keywords}
    if at.passes:
        named |= {keyword.arg for keyword in call.keywords}
    if at.unpacked is not None:
        given = [keyword.value for keyword in call.keywords if keyword.arg == at.unpacked] or call.args
        named |= {key for value in given for key in _keys(value)}
    if not treated.isdisjoint(named) or any(not _is_named(rewrite, item, named) for item in rewrite.require):
        return True
    return _moves(facts, found, rewrite, len(at.call.args))


def _is_named(rewrite: Rewrite, parameter: str, named: set[str | None]) -> bool:
    """Whether a parameter of Keras 1 is given by keyword, as Keras 2 calls it or as Keras 1 did."""
    fate = rewrite.by_parameter.get(parameter)
    return parameter in named or (fate is not None and fate[1].rename in named)


def _holds_keywords(facts: Facts, found: Found, call: ast.Call) -> bool:
    """Whether a dict beside the class has a key that a call would have to give otherwise, and that no rule for keys tells of."""
    rules = facts.places.rules
    treated = rules.parameters.get(found.name, frozenset()) - set(rules.keys.get(STORED, ()))
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    return any(not treated.isdisjoint(_keys(value)) for value in values)


def _keys(node: ast.expr) -> frozenset[str]:
    """The keys of a dict display that are strings."""
    keys = node.keys if isinstance(node, ast.Dict) else ()
    return frozenset(key.value for key in keys if isinstance(key, ast.Constant) and isinstance(key.value, str))


def _changes(facts: Facts, found: Found, rewrite: Rewrite, call: ast.Call, name: str) -> bool:
    """Whether a call with the arguments that stand beside the class would be rewritten."""
    treated = facts.places.rules.parameters.get(found.name, frozenset())
    if call.args[:1] != [found.node] or len(call.args) + len(call.keywords) < 2:
        return False
    if rewrite.require or any(keyword.arg in treated for keyword in call.keywords):
        return True
    return _moves(facts, found, rewrite, None if name in _UNPACKING else len(call.args) - 1)


def _moves(facts: Facts, found: Found, rewrite: Rewrite, count: int | None) -> bool:
    """Whether one of so many arguments by position, or of those that every call needs, has another place in Keras 2."""
    keras1, targets = facts.keras1(found), facts.targets(found, rewrite)
    if keras1 is None or not targets:
        return False
    for index, parameter in enumerate(keras1.positional[:count]):
        fate = rewrite.by_parameter.get(parameter.name)
        new = parameter.name if fate is None else fate[1].rename
        asked = count is not None or parameter.default is None
        if asked and (new is None or any(target.position(new) != index for _, target in targets)):
            return True
    return False
