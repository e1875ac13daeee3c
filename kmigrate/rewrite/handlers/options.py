"""`**options` that can be seen through: the keys of one dict move together with all the calls that unpack it.

`options` must be bound once, to a dict literal or `dict(...)` with constant keys, and serve for nothing but `**options`
in calls of Keras layers, methods and functions that merge, whose rules treat its keys alike. Then each call is rewritten as
if it gave the keys itself, and the edits of the dict are the same for all of them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kmigrate.edits import Confidence
from kmigrate.keras.signatures import Signature
from kmigrate.match.arguments import Argument, Bound, Misfit, bind
from kmigrate.match.conditions import Conditions
from kmigrate.match.found import Found
from kmigrate.match.literals import same
from kmigrate.resolve.scopes import Binding, Scope
from kmigrate.resolve.values import KerasMember, KerasName, only
from kmigrate.rewrite.arguments.rewriting import rewrite_arguments
from kmigrate.rewrite.arguments.site import Rewritten, Site
from kmigrate.rewrite.decision import Already, Changed, Decision, Same
from kmigrate.rewrite.facts import Facts
from kmigrate.rewrite.handlers import Context, handler
from kmigrate.rewrite.handlers.dicts import Key, dict_edits
from kmigrate.rewrite.handlers.text import constant_items
from kmigrate.rewrite.initializers.refusal import initializer_refusal
from kmigrate.rewrite.literals import convert
from kmigrate.rewrite.plan import Refusal, chosen, names, variant
from kmigrate.ruleset.schema import Rewrite, Rule

_LAYER = "keras.layers.Layer"
_HOLE = re.compile(r"\$(\w+)")
_OF_THE_SHOWN = frozenset({"kmigrate.rewrite.handlers.merge:inputs_as_list"})
"""Code of rules that asks for nothing but `inputs`, which the call must show."""

@dataclass(frozen=True, slots=True)
class _Options:
    """A dict that is only unpacked: where it is bound, its items, and the calls that unpack it."""

    name: str
    binding: Binding
    node: ast.expr
    items: dict[str, ast.expr]
    calls: tuple[tuple[ast.Call, Scope], ...]


@dataclass(frozen=True, slots=True)
class _Use:
    """One call that unpacks the dict, rewritten: `keys` is what it wants of the dict."""

    rule: Rule
    rewrite: Rewrite
    rewritten: Rewritten
    keys: dict[str, Key]


def seen_through(facts: Facts, rule: Rule, found: Found, keras1: Signature, bound: Bound) -> Decision | None:
    """The decision for a call that hides arguments in `**options`; None where they can't be seen."""
    options = _options(facts, found, bound)
    if options is None:
        return None
    mine = _use(facts, rule, found, keras1, options)
    if isinstance(mine, Already):
        return mine
    if isinstance(mine, Refusal):
        return None
    for call, scope in options.calls:
        other = mine if call is found.call else _other(facts, call, scope, options)
        if not isinstance(other, _Use) or other.keys != mine.keys:
            return None
    edits = [*mine.rewritten.edits, *dict_edits(facts, rule, options.node, options.items, mine.keys)]
    target = facts.callee(found, mine.rewrite)
    if not edits and not facts.renames(found, target):
        return Same()
    confidence = Confidence.UNSAFE if mine.rewritten.doubt or rule.confidence == "unsafe" else Confidence.SAFE
    return Changed(rule, tuple(edits), target, needs=tuple(mine.rewritten.imports), confidence=confidence)


def _options(facts: Facts, found: Found, bound: Bound) -> _Options | None:
    call, hidden = found.call, bound.opaque
    if call is None or found.kind not in ("call", "method") or not found.certain or not isinstance(hidden, ast.Name):
        return None
    if sum(keyword.arg is None for keyword in call.keywords) != 1 or any(isinstance(a, ast.Starred) for a in call.args):
        return None
    owner = found.scope.lookup(hidden.id)
    bindings = owner.bindings.get(hidden.id, []) if owner is not None else []
    if owner is None or len(bindings) != 1 or owner.kind == "class" or hidden.id in facts.scopes.exported:
        return None
    (binding,) = bindings
    if binding.assigned is None:
        return None
    items = constant_items(binding.assigned, owner)
    if not items:
        return None
    calls: list[tuple[ast.Call, Scope]] = []
    for load, scope in facts.scopes.names:
        if load.id != hidden.id or load is binding.node or scope.lookup(load.id) is not owner:
            continue
        keyword = facts.scopes.parents.get(load)
        user = facts.scopes.parents.get(keyword) if isinstance(keyword, ast.keyword) and keyword.arg is None else None
        if not isinstance(user, ast.Call) or not _means_the_same(items.values(), owner, scope):
            return None
        calls.append((user, scope))
    return _Options(hidden.id, binding, binding.assigned, items, tuple(calls))


def _means_the_same(values: Iterable[ast.expr], there: Scope, here: Scope) -> bool:
    """Whether the names in the values are the same ones where they stand and where they are unpacked."""
    return all(
        here.lookup(node.id) is there.lookup(node.id)
        for value in values
        for node in ast.walk(value)
        if isinstance(node, ast.Name)
    )


def _other(facts: Facts, call: ast.Call, scope: Scope, options: _Options) -> _Use | Already | Refusal:
    """Another call that unpacks the dict, by the first rule that treats its callee."""
    found = _found(facts, call, scope)
    if found is None:
        return Refusal("something else unpacks the dict too")
    keras1 = facts.keras1(found)
    if keras1 is None:
        return Refusal("no signature")
    bound = bind(keras1, call)
    for rule in facts.places.rules.calls.get(found.name, ()):
        full = _full(keras1, bound, options)
        if rule.match.given and (
            isinstance(full, Misfit)
            or not facts.conditions(found).hold(rule.match.given, full, facts.defaults(found, keras1))
        ):
            continue
        if facts.inside(rule, found):
            return _use(facts, rule, found, keras1, options)
    return Refusal("no rule")


def _found(facts: Facts, call: ast.Call, scope: Scope) -> Found | None:
    """The use that a call is, if it is certainly one of Keras."""
    callee = only(facts.evaluator.values(call.func, scope))
    if isinstance(callee, KerasName):
        return Found("call", callee.path, call.func, scope, call, callee.spelled)
    if not isinstance(callee, KerasMember):
        return None
    member = facts.places.keras1.member(callee.cls, callee.name)
    if member is None:
        return None
    return Found("method", f"{member.owner}.{member.name}", call.func, scope, call, cls=callee.cls)


def _full(keras1: Signature, bound: Bound | Misfit, options: _Options) -> Bound | Misfit:
    """The call as if it gave the keys itself; they stand at no place in its text."""
    if isinstance(bound, Misfit):
        return bound
    hidden: list[Argument] = []
    for key, value in options.items.items():
        if not keras1.accepts(key):
            return Misfit(f"has no parameter `{key}`")
        if key in bound.names:
            return Misfit(f"gets `{key}` twice")
        hidden.append(Argument(key, value, -1, ast.keyword(key, value)))
    return Bound((*bound.arguments, *hidden), None, bound.leading)


def _use(facts: Facts, rule: Rule, found: Found, keras1: Signature, options: _Options) -> _Use | Already | Refusal:
    call = found.call
    assert call is not None
    rewrite = variant(rule, facts.places.targets)
    bound = bind(keras1, call)
    full = _full(keras1, bound, options)
    if isinstance(full, Misfit) or isinstance(bound, Misfit):
        return Already() if _fits(facts, found, rewrite, options) else Refusal("the call does not fit Keras 1")
    if rewrite is None or rule.confidence == "review" or not _treated(facts, found):
        return Refusal("no rewrite")
    conditions = facts.conditions(found)
    if rule.skip_if and conditions.hold(rule.skip_if, full, {}):
        return Refusal("the call speaks Keras 2")
    case = chosen(rule.review, rewrite, full, conditions, facts.defaults(found, keras1), facts.places.targets)
    if isinstance(case, Refusal):
        return case
    code = case.code if case.code not in _OF_THE_SHOWN else None
    if case.template is not None or code is not None or case.literals or case.first:
        return Refusal("the rule looks at the whole call")
    if case.code is not None and "inputs" in options.items:
        return Refusal("the tensors are hidden too")
    keys = keys_of(facts, case, keras1, options.items, Conditions(facts.evaluator, options.binding.scope))
    if isinstance(keys, Refusal):
        return keys
    hidden = {new for new, _ in keys.values() if new is not None}
    plain = case.model_copy(update={
        "require": tuple(name for name in case.require if name not in options.items),
        "add": {name: text for name, text in case.add.items() if name not in hidden},
    })  # fmt: skip
    if any(hole in options.items for text in plain.add.values() for hole in _HOLE.findall(text)):
        return Refusal("an argument is made of a hidden one")
    visible = Bound(bound.arguments, None, bound.leading)
    targets = facts.targets(found, case)
    site = Site(rule.id, facts.module, call, visible, keras1, targets, conditions, partial=True)
    if case.code is not None:
        outcome = handler(case.code)(Context(rule, plain, found, site, facts.evaluator, facts.scopes, facts.roles))
    else:
        outcome = rewrite_arguments(site, plain)
    if not isinstance(outcome, Rewritten):
        return outcome if isinstance(outcome, Refusal) else Refusal("the rule looks at the whole call")
    rewritten = outcome
    if not all(signature.accepts(name) for name in hidden for _, signature in targets):
        return Refusal("Keras 2 has no such parameter")
    return _Use(rule, case, rewritten, keys)


def _treated(facts: Facts, found: Found) -> bool:
    """Whether the callee is a method, a layer, or a function that gives the output of one."""
    known = facts.places.keras1.get(found.name)
    if found.kind == "method" or (known is not None and known.returns == "keras_tensor"):
        return True
    return _LAYER in facts.places.keras1.ancestors(found.name)


def _fits(facts: Facts, found: Found, rewrite: Rewrite | None, options: _Options) -> bool:
    """Whether the call with the keys in it speaks Keras 2."""
    targets = facts.targets(found, rewrite)
    if not targets or found.call is None:
        return False
    for _, signature in targets:
        bound = bind(signature, found.call)
        if isinstance(bound, Misfit) or isinstance(_full(signature, bound, options), Misfit):
            return False
    return True


def keys_of(
    facts: Facts, rewrite: Rewrite, keras1: Signature, items: Mapping[str, ast.expr], conditions: Conditions
) -> dict[str, Key] | Refusal:
    """What the rewrite makes of each key of the dict."""
    result: dict[str, Key] = {}
    for key, value in items.items():
        spec = next((spec for group, spec in rewrite.arguments.items() if key in names(group)), None)
        if spec is None and key in rewrite.drop:
            if not _droppable(rewrite, keras1, key, conditions.literal(value)):
                return Refusal(f"`{key}` has no counterpart in Keras 2.")
            result[key] = (None, ())
            continue
        if spec is None or spec.rename is None:
            if spec is not None:
                return Refusal(f"`{key}` folds into a tuple")
            result[key] = (key, ())
            continue
        converted = convert(spec, value, facts.module.span(value), facts.module, conditions)
        if isinstance(converted, Refusal):
            return converted
        refusal = initializer_refusal(value, conditions) if spec.rename.endswith("_initializer") else None
        if refusal is not None or converted.imports or converted.unsafe:
            return refusal or Refusal(f"the value of `{key}` needs a person")
        result[key] = (spec.rename, tuple(converted.edits))
    return result


def _droppable(rewrite: Rewrite, keras1: Signature, key: str, value: object) -> bool:
    allowed = rewrite.drop[key]
    if allowed == "any":
        return True
    parameter = keras1.parameter(key)
    default = parameter.default if parameter is not None else None
    for item in allowed if isinstance(allowed, tuple) else (allowed,):
        if item == "default" and default is not None:
            if same(value, ast.literal_eval(default)):
                return True
        elif same(value, item):
            return True
    return False
