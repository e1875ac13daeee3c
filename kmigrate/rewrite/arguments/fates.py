"""What becomes of each argument of a call: which Keras 2 parameter it is, which others fold into it, whether it goes."""

from __future__ import annotations

from dataclasses import dataclass

from kmigrate.match.arguments import Argument
from kmigrate.match.literals import same
from kmigrate.rewrite.arguments.site import Site
from kmigrate.rewrite.plan import Refusal, literal_of
from kmigrate.ruleset.schema import Argument as Spec
from kmigrate.ruleset.schema import Rewrite


@dataclass(slots=True)
class Fate:
    """What becomes of one argument.

    name: its Keras 2 parameter; None where it goes.
    spec: the line of the rule's argument table that says so, if one does.
    group: the arguments that fold into one, this one among them, as far as the call gives them.
    parts: the Keras 1 parameters of that one, in the order of its values.
    """

    argument: Argument
    name: str | None
    spec: Spec | None = None
    group: tuple[Argument, ...] = ()
    parts: tuple[str, ...] = ()


def fates(site: Site, rewrite: Rewrite) -> list[Fate] | Refusal:
    """What becomes of the arguments, in the order of the call, or why nothing may become of one."""
    specs = rewrite.by_parameter
    found: list[Fate] = []
    done: set[str] = set()
    for argument in site.bound.arguments:
        name = argument.parameter
        if name in done:
            continue
        if name in specs:
            group, spec = specs[name]
            if spec.tuple is not None:
                members = [site.bound.get(part) for part in group]
                missing = [part for part, member in zip(group, members, strict=True) if member is None]
                if spec.only_with in missing:
                    found.append(Fate(argument, None))
                    continue
                if missing and spec.missing is None:
                    return Refusal(f"`{'`, `'.join(missing)}` must be given together with `{name}` to fold into one.")
                done.update(group)
                found.append(Fate(argument, spec.tuple, spec, tuple(m for m in members if m is not None), group))
            else:
                found.append(Fate(argument, spec.rename, spec))
        elif name in rewrite.drop:
            refusal = _droppable(site, rewrite, argument)
            if refusal is not None:
                return refusal
            found.append(Fate(argument, None))
        elif site.keras1.parameter(name) is None and site.keras1.keywords is None:
            return Refusal(f"`{name}` is no parameter of Keras: Keras 1 hands it on to the backend, Keras 2 refuses it.")
        else:
            found.append(Fate(argument, name))
    return found


def _droppable(site: Site, rewrite: Rewrite, argument: Argument) -> Refusal | None:
    allowed = rewrite.drop[argument.parameter]
    if allowed == "any":
        return None
    parameter = site.keras1.parameter(argument.parameter)
    default = parameter.default if parameter else None
    value = site.conditions.literal(argument.value)
    for item in allowed if isinstance(allowed, tuple) else (allowed,):
        if item == "default":
            if default is not None and same(value, literal_of(default)):
                return None
        elif same(value, item):
            return None
    shown = site.module.segment(argument.value)
    return Refusal(f"`{argument.parameter}={shown}` has no counterpart in Keras 2.")
