"""What is known of all calls of a form, whatever their values? Which of them keep all their arguments?"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kmigrate.keras.signatures import Signature
from kmigrate.match.arguments import Bound
from kmigrate.match.conditions import Conditions
from kmigrate.match.literals import parsed
from kmigrate.rewrite.decision import Decision
from kmigrate.ruleset.schema import Condition, NoteCase, ReviewCase, Rewrite, Rule
from kmigrate.verify.binding import misfit


@dataclass(frozen=True, slots=True)
class Kept:
    """What becomes of calls whose arguments stay: the rule that treats the rest of them with its rewrite, if there is one.

    notes: what the rule may have to tell of such a call. Where it wants a kind of code, that is still to be asked.
    """

    rule: Rule | None = None
    rewrite: Rewrite | None = None
    notes: Sequence[NoteCase] = ()


@dataclass(frozen=True, slots=True)
class Open:
    """The rule that treats calls whose values decide what becomes of them, and its cases that are not ruled out for them.

    skips: whether such a call may speak Keras 2. Where the rule wants a kind of code, that is still to be asked.
    """

    rule: Rule
    rewrite: Rewrite
    skips: bool
    reviews: Sequence[ReviewCase]
    notes: Sequence[NoteCase]


@dataclass(frozen=True, slots=True)
class Asked:
    """The rules that treat calls of a form where the values are as they want, and what is known of the form where none does."""

    rules: Sequence[Rule]
    otherwise: Decision | Kept | Open


def keeps_all(
    rewrite: Rewrite, bound: Bound, keras1: Signature, targets: Sequence[tuple[str, Signature]], *, partial: bool
) -> bool:
    """Whether the arguments stay as they are, whatever their values, in every call of this form, and fit every target."""
    if bound.opaque is not None or not bound.names.issuperset(rewrite.require):
        return False
    positional: list[str] = []
    keywords: list[str] = []
    for argument in bound.arguments:
        name, by_place = argument.parameter, argument.keyword is None
        if name in rewrite.by_parameter:
            spec = rewrite.by_parameter[name][1]
            new = spec.rename
            kept = not spec.converts and (by_place or new == name)
        else:
            new = name
            kept = name not in rewrite.drop and (keras1.parameter(name) is not None or keras1.keywords is not None)
        if not kept or new is None or new.endswith("_initializer"):
            return False
        if by_place and (new in rewrite.keywords or argument.order != len(positional)):
            return False
        (positional if by_place else keywords).append(new)
    first = [] if bound.leading else [*rewrite.first[:1]]
    if positional[: len(first)] != first or not rewrite.add.keys() <= {*positional, *keywords}:
        return False
    places = [*enumerate(positional)][len(first) :]
    stay = all(signature.position(name) == place for _, signature in targets for place, name in places)
    return stay and misfit(positional, keywords, targets, partial=partial, by_place=rewrite.first) is None


def holds(
    wanted: Mapping[str, Condition], bound: Bound, defaults: Mapping[str, str | None], conditions: Conditions
) -> bool | None:
    """Whether conditions hold for every call that gives these parameters; None where the values matter."""
    answers = [_holds(name, condition, bound, defaults.get(name), conditions) for name, condition in wanted.items()]
    return False if False in answers else None if None in answers else True


def _holds(name: str, condition: Condition, bound: Bound, default: str | None, conditions: Conditions) -> bool | None:
    given = bound.get(name) is not None
    if condition.given is not None and condition.given != given:
        return False
    if condition.only_given:
        return True
    if given:
        return None
    if default is None:
        return False
    value = parsed(default)
    return conditions.matches(condition, value) if isinstance(value, ast.Constant) else None
