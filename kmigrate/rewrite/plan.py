"""What a rule asks for at one call: the chosen case, or the reason why a person must decide."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TypeVar

from kmigrate.keras.signatures import Knowledge, Signature
from kmigrate.keras.specifiers import allows, allows_some
from kmigrate.match.arguments import Bound
from kmigrate.match.conditions import Conditions
from kmigrate.match.literals import MISSING, same
from kmigrate.ruleset.schema import NoteCase, ReviewCase, Rewrite, Rule


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a call is left to a person."""

    reason: str


@cache
def defaults_of(signature: Signature | None) -> Mapping[str, str | None]:
    """The Keras 1 defaults by parameter."""
    return {parameter.name: parameter.default for parameter in signature.parameters} if signature else {}


@cache
def literal_of(default: str) -> object:
    """The value of a default, from its text in the tables."""
    return ast.literal_eval(default)


def variant(rule: Rule, targets: tuple[Knowledge, ...]) -> Rewrite | None:
    """The rewrite of the rule for these target versions."""
    for specifier, rewrite in rule.targets.items():
        if all(allows(specifier, target.version) for target in targets):
            return rewrite
    return rule.rewrite


def applies(
    case: ReviewCase | NoteCase, bound: Bound, conditions: Conditions, defaults: Mapping[str, str | None],
    targets: tuple[Knowledge, ...],
) -> bool:  # fmt: skip
    """Whether a call has the shape of the case, and some target is one that it is about."""
    return concerns(case, bound, targets) and conditions.hold(case.when, bound, defaults)


CaseT = TypeVar("CaseT", ReviewCase, NoteCase)


def possible(
    cases: Sequence[CaseT], bound: Bound, conditions: Conditions, defaults: Mapping[str, str | None],
    targets: tuple[Knowledge, ...],
) -> list[CaseT]:  # fmt: skip
    """The cases that hold for one of the literals that an argument can be: `border_mode='full' if wide else 'same'`."""
    asked: list[CaseT] = []
    for case in cases if any(argument.value.__class__ in _CHOSEN for argument in bound.arguments) else ():
        for name, condition in case.when.items():
            argument = bound.get(name) if condition.has_equals or condition.one_of is not None else None
            if argument is not None and argument.value.__class__ in _CHOSEN:
                asked.append(case)
                break
    if not asked:
        return []
    loosely = replace(conditions, any_value=True)
    return [case for case in asked if applies(case, bound, loosely, defaults, targets)]


_CHOSEN = frozenset({ast.IfExp, ast.Name, ast.Attribute, ast.Subscript})
"""Expressions that can be one of several literals."""


def reviewed(
    reviews: Sequence[ReviewCase], bound: Bound, conditions: Conditions, defaults: Mapping[str, str | None],
    targets: tuple[Knowledge, ...],
) -> ReviewCase | None:  # fmt: skip
    """The first review that a call is for, those first that it is for whatever its arguments are."""
    for review in reviews:
        if applies(review, bound, conditions, defaults, targets):
            return review
    found = possible(reviews, bound, conditions, defaults, targets)
    return found[0] if found else None


def concerns(case: ReviewCase | NoteCase, bound: Bound, targets: tuple[Knowledge, ...]) -> bool:
    """Whether a case is about a call that gives these parameters, and about some target, whatever the values."""
    if case.when_given and bound.names.isdisjoint(case.when_given):
        return False
    return case.versions is None or allows_some(case.versions, [target.version for target in targets])


def chosen(
    reviews: Sequence[ReviewCase], rewrite: Rewrite, bound: Bound, conditions: Conditions, defaults: Mapping[str, str | None],
    targets: tuple[Knowledge, ...],
) -> Rewrite | Refusal:  # fmt: skip
    """The rewrite with its case worked in, or why the rule, with these reviews, leaves this call to a person."""
    review = reviewed(reviews, bound, conditions, defaults, targets)
    if review is not None:
        return Refusal(review.say)
    while rewrite.choose_by is not None:
        parameter = rewrite.choose_by
        argument = bound.get(parameter)
        if argument is not None:
            value = conditions.literal(argument.value)
        else:
            default = defaults.get(parameter)
            value = literal_of(default) if default is not None else MISSING
        if value is MISSING and argument is not None and (rewrite.choice is not None or rewrite.made is not None):
            choices = conditions.choices(argument.value)
            if len(choices) > 1:
                return _one_of_several(rewrite, choices, bound, parameter)
            seen = conditions.guess(argument.value) if rewrite.made is not None else []
            if seen:
                return _made(rewrite, sorted({*seen, *map(str, rewrite.cases)}), bound, parameter)
        selected: Rewrite | str | None = next(
            (case for key, case in rewrite.cases.items() if same(value, key)), rewrite.otherwise
        )
        if selected is None:
            shown = repr(value) if value is not MISSING else "not a literal"
            return Refusal(f"`{parameter}` is {shown}: the right Keras 2 text depends on its value.")
        if isinstance(selected, str):
            return Refusal(selected)
        merged = rewrite.merged.get(id(selected))
        if merged is None:
            merged = rewrite.merged[id(selected)] = _merged(rewrite, selected, parameter)
        rewrite = merged
    return rewrite


def guessed(rewrite: Rewrite, bound: Bound, conditions: Conditions) -> str | None:
    """Why a text that serves for every literal may not serve for all that the argument can be."""
    argument = bound.get(rewrite.choose_by) if rewrite.choose_by is not None and rewrite.made is not None else None
    if argument is None or conditions.literal(argument.value) is not MISSING or not conditions.guess(argument.value):
        return None
    return f"`{rewrite.choose_by}` may be something else than one of {', '.join(sorted(map(repr, rewrite.cases)))}"


def _one_of_several(rewrite: Rewrite, choices: list[str], bound: Bound, parameter: str) -> Rewrite | Refusal:
    """The callee is looked up when the program runs; every argument must mean the same for all, or `made` say what it means."""
    targets: dict[str, str] = {}
    for choice in choices:
        case = rewrite.cases.get(choice)
        if case is None or case.to is None:
            return Refusal(f"`{parameter}` can be {choice!r}, which needs a text of its own.")
        apart = [name for name in bound.names if f"${name}" not in (rewrite.choice or "") and case.drop.get(name) != "any"]
        if rewrite.choice is None or case.require or apart:
            if rewrite.made is not None:
                return _made(rewrite, choices, bound, parameter)
            if apart:
                return Refusal(f"`{apart[0]}` matters only where `{parameter}` is {choice!r}.")
            return Refusal(f"`{parameter}` can be {choice!r}, which needs a text of its own.")
        targets[choice] = case.to
    assert rewrite.choice is not None
    table = ", ".join(f"{choice!r}: {target.rpartition('.')[2]}" for choice, target in targets.items())
    return Rewrite(template=rewrite.choice.replace("$choices", f"{{{table}}}"), imports=tuple(targets.values()))


def _made(rewrite: Rewrite, choices: list[str], bound: Bound, parameter: str) -> Rewrite | Refusal:
    """What each literal stands for is made with its own arguments, and one of them is taken when the program runs."""
    assert rewrite.made is not None
    texts: dict[str, str] = {}
    imports: list[str] = []
    for choice in choices:
        case = rewrite.cases.get(choice)
        if case is None or case.made is None:
            return Refusal(f"`{parameter}` can be {choice!r}, which needs a text of its own.")
        for name in bound.names:
            if f"${name}" not in rewrite.made + case.made and case.drop.get(name) != "any":
                return Refusal(f"`{name}` matters only where `{parameter}` is {choice!r}.")
        path, _, arguments = case.made.partition("(")
        kept = [part for part in arguments.removesuffix(")").split(", ") if _written(part, case, bound)]
        texts[choice] = f"{path.rpartition('.')[2]}({', '.join(kept)})"
        imports.append(path)
    table = ", ".join(f"{choice!r}: {text}" for choice, text in texts.items())
    return Rewrite(template=rewrite.made.replace("$choices", f"{{{table}}}"), imports=tuple(imports))


def _written(part: str, case: Rewrite, bound: Bound) -> bool:
    """Whether an argument of `made` is given, or its Keras 1 default must be written out."""
    hole = part.partition("$")[2]
    return bool(part) and (not hole or hole in bound.names or hole in case.require)


def _merged(shared: Rewrite, case: Rewrite, parameter: str) -> Rewrite:
    arguments = {**shared.arguments, **case.arguments}
    drop = {**shared.drop, **case.drop}
    if not any(parameter in names(key) for key in arguments) and parameter not in drop:
        drop[parameter] = "any"
    written = {name: getattr(case, name) for name in case.model_fields_set - {"made"}}
    kept = {name: getattr(shared, name) for name in shared.model_fields_set}
    for name in ("choose_by", "cases", "otherwise", "choice", "made"):
        kept.pop(name, None)
    lists = {
        name: tuple(dict.fromkeys((*getattr(shared, name), *getattr(case, name)))) for name in ("require", "imports")
    }
    return Rewrite.model_construct(
        **{**_EMPTY, **kept, **written, **lists, "arguments": arguments, "drop": drop, "add": {**shared.add, **case.add}}
    )


@cache
def names(key: str) -> tuple[str, ...]:
    """The Keras 1 parameters of an argument key (`"nb_row, nb_col"`)."""
    return tuple(part.strip() for part in key.split(","))


_EMPTY = {name: field.get_default() for name, field in Rewrite.model_fields.items()}
