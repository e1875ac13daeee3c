"""Keywords that a function of the user passes on to Keras: at its calls, and at the call inside that unpacks them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from kmigrate.edits import Confidence
from kmigrate.keras.signatures import Signature
from kmigrate.match.arguments import Argument, Bound
from kmigrate.match.found import Found
from kmigrate.match.passed import Destination, destination
from kmigrate.resolve.passing import Passing, passing
from kmigrate.resolve.values import UserFunction
from kmigrate.rewrite.arguments.added import HOLE
from kmigrate.rewrite.arguments.rewriting import rewrite_arguments
from kmigrate.rewrite.arguments.site import Rewritten, Site
from kmigrate.rewrite.decision import Already, Changed, Decision, ForReview, Same, Told
from kmigrate.rewrite.facts import Facts
from kmigrate.rewrite.kept import Open
from kmigrate.rewrite.notes import as_given, of_shape
from kmigrate.rewrite.plan import Refusal, reviewed, variant
from kmigrate.ruleset.schema import Rewrite, Rule

_CONFIG = (
    "What super().get_config() gives has the names of Keras 2: a layer that is made from it (load_model, from_config) gets "
    "{new} in place of {old}. Take these names in __init__, or change them in get_config."
)


def decide_passed(facts: Facts, found: Found) -> Decision:
    """The decision for a call whose keywords are passed on: they get the names that they have where they arrive."""
    assert found.call is not None
    end = destination(facts.evaluator, found.call, found.scope)
    keras1 = facts.keras1(end.found) if end is not None else None
    if end is None or keras1 is None:
        return Same()
    bound = _bound(found.call, end, keras1)
    conditions = facts.conditions(found)
    for rule in facts.places.rules.calls.get(end.found.name, ()):
        rewrite = variant(rule, facts.places.targets)
        given = rule.match.given
        if rewrite is None or rule.match.partial is not None or not bound.names.issuperset(given):
            continue
        if (rule.skip_if and conditions.hold(rule.skip_if, bound, {})) or (facts.dialect.keras2 and not found.call.keywords):
            return Already()
        if conditions.hold(given, bound, {}):
            return by_rule(facts, rule, rewrite, found, end, keras1, bound)
    return Same()


def _bound(call: ast.Call, end: Destination, keras1: Signature) -> Bound:
    """The arguments of a call that are passed on."""
    behind = call.args[end.leading :]
    unclear = next((value for value in behind if end.lost or isinstance(value, ast.Starred)), None)
    if unclear is None and len(behind) > len(keras1.positional):
        unclear = behind[-1]
    leading = end.leading if behind and unclear is None else 0
    by_place = zip(keras1.positional, behind, strict=False) if leading == end.leading else ()
    return Bound((
        *(Argument(parameter.name, value, order) for order, (parameter, value) in enumerate(by_place)),
        *(
            Argument(keyword.arg, keyword.value, order, keyword)
            for order, keyword in enumerate(call.keywords, start=len(call.args) - leading)
            if keyword.arg is not None and keyword.arg not in end.own
        ),
    ), unclear, leading)  # fmt: skip


def by_rule(
    facts: Facts, rule: Rule, rewrite: Rewrite, found: Found, end: Destination, keras1: Signature, bound: Bound
) -> Decision:  # fmt: skip
    """What a rule decides for keywords of a call that stand for some of the arguments of what gets them."""
    assert found.call is not None
    if bound.opaque is not None:
        return ForReview(
            rule.id, f"`{facts.module.segment(bound.opaque)}`: what is given here by its place goes on to {end.found.name}.",
            "Write what that call needs in Keras 2, here and in the function between.",
        )  # fmt: skip
    special = bound.names & (_by_more(rewrite) if _by_names(rewrite) else facts.places.rules.parameters[end.found.name])
    if special:
        named = ", ".join(f"`{name}`" for name in sorted(special))
        return ForReview(
            rule.id, f"{named}: what is given here goes on to {end.found.name}, where more changes than names.",
            "Write what that call needs in Keras 2, here and in the function between.",
        )  # fmt: skip
    conditions = facts.conditions(found)
    review = reviewed(rule.review, bound, conditions, {}, facts.places.targets)
    if review is not None:
        return ForReview(rule.id, review.say)
    site = Site(rule.id, facts.module, found.call, bound, keras1, facts.targets(end.found, rewrite), conditions, partial=True)
    rewritten = rewrite_arguments(site, rewrite.model_copy(update={"require": (), "add": {}, "first": ()}))
    if isinstance(rewritten, Refusal):
        return ForReview(rule.id, rewritten.reason)
    if not rewritten.edits:
        return Same()
    unsafe = rewritten.doubt is not None or rule.confidence == "unsafe" or not found.certain
    return Changed(
        rule, tuple(rewritten.edits), needs=tuple(rewritten.imports), reason=rewritten.doubt,
        confidence=Confidence.UNSAFE if unsafe else Confidence.SAFE,
        notes=of_shape(facts, rule, rule.notes, bound, conditions, {}),
    )  # fmt: skip


def shown(facts: Facts, cases: Open, found: Found, keras1: Signature, bound: Bound) -> Rewritten | Refusal | None:
    """The arguments that a call shows, rewritten, where it hides nothing but what its function passes on.

    None where the hidden arguments may matter to the rest: then a person must look at it.
    """
    rule, rewrite = cases.rule, cases.rewrite
    assert found.call is not None
    known = _passing(found)
    if not found.certain or not _by_names(rewrite) or known is None:
        return None
    given = bound.names
    if rewrite.choose_by is not None or rewrite.first or not given.issuperset(rewrite.require) or rewrite.add:
        return None
    conditions = facts.conditions(found)
    review = reviewed(cases.reviews, bound, conditions, {}, facts.places.targets)
    if review is not None:
        return Refusal(review.say)
    site = Site(
        rule.id, facts.module, found.call, replace(bound, opaque=None), keras1, facts.targets(found, rewrite), conditions,
        partial=True,
    )  # fmt: skip
    rewritten = rewrite_arguments(site, rewrite)
    if isinstance(rewritten, Rewritten):
        rewritten.notes.append(as_given(rule, found.name))
        rewritten.notes.extend(Told(rule.id, text, affects=()) for text in _of_config(found, known, rewrite))
    return rewritten


def _passing(found: Found) -> Passing | None:
    """How a function around the call passes on what the call unpacks, if it does nothing else with it."""
    for scope in found.scope.chain():
        known = passing(UserFunction(scope.node, scope)) if isinstance(scope.node, ast.FunctionDef) else None
        if known is not None and known.call is found.call:
            return None if any(isinstance(argument, ast.Starred) for argument in known.call.args) else known
    return None


def _of_config(found: Found, known: Passing, rewrite: Rewrite) -> Iterator[str]:
    """What is to be told where `__init__` of a layer takes parameters that the class above calls otherwise in Keras 2."""
    if not found.cls or known.scope.node.name != "__init__":
        return
    taken = [(old, spec.tuple or spec.rename) for old, (_, spec) in rewrite.by_parameter.items() if old in known.own]
    renamed = {old: new for old, new in taken if new not in (None, old)}
    if renamed:
        yield _CONFIG.format(new=", ".join(map(str, dict.fromkeys(renamed.values()))), old=", ".join(renamed))


def _by_names(rewrite: Rewrite) -> bool:
    """Whether each argument of the rule is rewritten by itself."""
    return rewrite.code is None and rewrite.template is None and rewrite.either is None and not rewrite.literals


def _by_more(rewrite: Rewrite) -> frozenset[str]:
    """The parameters of which more changes than the name: those that are given by position, those that choose between cases
    or are treated by some of them, and those that are written a second time."""
    by_place = [old for old, (_, spec) in rewrite.by_parameter.items() if spec.rename in rewrite.first]
    cases = [case for case in (*rewrite.cases.values(), rewrite.otherwise) if isinstance(case, Rewrite)]
    inner = [name for case in cases for name in (*case.by_parameter, *case.drop, *_by_more(case))]
    choosing = () if rewrite.choose_by is None else (rewrite.choose_by,)
    repeated = [name for text in rewrite.add.values() for name in HOLE.findall(text)]
    return frozenset((*by_place, *choosing, *inner, *repeated))
