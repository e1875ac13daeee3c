"""Does a rewrite name parameters that exist, in every Keras 2 it is meant for, and does it forget none of Keras 1?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kmigrate.keras.signatures import KERAS_2, knowledge
from kmigrate.ruleset.callee import Callee, callee, exists, unknown
from kmigrate.ruleset.document import Location
from kmigrate.ruleset.schema import Argument, Expression, Rewrite
from kmigrate.ruleset.subject import Finding, Subject, known

if TYPE_CHECKING:
    from kmigrate.ruleset.schema import Rule

HOLES = frozenset({"all", "callee", "object", "old"})
"""Holes of a template that are no parameters."""

_HOLE = re.compile(r"\$(\w+)")
_CODE = re.compile(r"kmigrate\.rewrite\.handlers(?:\.[a-z]\w*)+:[a-z]\w*")


def check_conditions(rule: Rule, subject: Subject) -> Iterator[Finding]:
    """The parameters that `given`, `review` and `skip_if` speak of."""
    for parameter in rule.match.given:
        yield from known(subject, parameter, ("match", "given", parameter))
    for number, case in enumerate(rule.review):
        for parameter in case.when:
            yield from known(subject, parameter, ("review", number, "when", parameter))
        for parameter in case.when_given:
            yield from known(subject, parameter, ("review", number, "when_given"))
    for parameter in rule.skip_if:
        complaint = subject.complaint(parameter)
        if complaint and not _speaks_keras_2(rule, subject, parameter):
            yield ("skip_if", parameter), f"neither Keras 1 nor Keras 2: {complaint}"


def check_rewrite(
    rule: Rule, rewrite: Rewrite, at: Location, subject: Subject, versions: tuple[str, ...]
) -> Iterator[Finding]:
    """Everything that the rewrite says and forgets, for each way that `choose_by` can go."""
    if rewrite.choose_by is not None:
        yield from known(subject, rewrite.choose_by, (*at, "choose_by"))
    for key, text in (("choice", rewrite.choice), ("made", rewrite.made)):
        for hole in _HOLE.findall(text or ""):
            if hole != "choices":
                yield from known(subject, hole, (*at, key))
    for value, case in rewrite.cases.items():
        yield from _made(case, (*at, "cases", value, "made"), subject, versions)
    for way, place in _ways(rewrite, at):
        yield from _Way(rule, way, place, at, subject, versions).findings()


def _made(case: Rewrite, at: Location, subject: Subject, versions: tuple[str, ...]) -> Iterator[Finding]:
    """Whether what a case makes exists, and is made of what the call gives."""
    if case.made is None:
        return
    for hole in _HOLE.findall(case.made):
        yield from known(subject, hole, at)
    path = case.made.partition("(")[0]
    missing = [version for version in versions if not exists(knowledge(version), path)]
    if missing:
        yield at, unknown(knowledge(missing[0]), path)


@dataclass(frozen=True)
class _Way:
    """A rewrite without choices: `place` is where it is written, `shared` the whole that it inherits from."""

    rule: Rule
    rewrite: Rewrite
    place: Location
    shared: Location
    subject: Subject
    versions: tuple[str, ...]

    def findings(self) -> Iterator[Finding]:
        misnamed = list(self.keras_1_parameters())
        yield from misnamed
        yield from self.names()
        yield from self.keras_2_parameters()
        yield from self.positions()
        if not misnamed:
            yield from self.forgotten()
        if self.rewrite.code is not None and not _CODE.fullmatch(self.rewrite.code):
            yield (*self.place, "code"), f"`{self.rewrite.code}` is not `kmigrate.rewrite.handlers.<module>:<function>`"

    def keras_1_parameters(self) -> Iterator[Finding]:
        for key in self.rewrite.arguments:
            for parameter in _parameters(key):
                yield from known(self.subject, parameter, self.where("arguments", key))
        for parameter, value in self.rewrite.drop.items():
            yield from known(self.subject, parameter, self.where("drop", parameter))
            if value == "default" and not self.has_default(parameter):
                yield self.where("drop", parameter), f"`{parameter}` has no default in Keras 1; say which values go"
        for parameter in self.rewrite.require:
            place = self.where("require")
            yield from known(self.subject, parameter, place)
            if parameter not in self.rewrite.arguments:
                yield place, f"`require` names `{parameter}`, but `arguments` does not say what becomes of it"
            elif not self.has_default(parameter):
                yield place, f"`{parameter}` has no default in Keras 1, so there is nothing to write out"
        if self.rewrite.template is not None and self.subject.callees:
            for hole in _HOLE.findall(self.rewrite.template):
                complaint = self.subject.complaint(hole)
                if complaint and hole not in HOLES:
                    yield self.where("template"), f"the hole `${hole}`: {complaint}"

    def names(self) -> Iterator[Finding]:
        for version in self.versions:
            keras = knowledge(version)
            for name in self.targets() if self.rewrite.to is not None else ():
                if not exists(keras, name):
                    yield self.where("to"), unknown(keras, name)
            for name in self.rewrite.either[1:] if self.rewrite.either is not None else ():
                if not exists(keras, name):
                    yield self.where("either"), unknown(keras, name)
            for name, place in self.imports():
                if name.split(".")[0] == "keras" and not exists(keras, name):
                    yield place, unknown(keras, name)

    def keras_2_parameters(self) -> Iterator[Finding]:
        for parameter, place in self.written():
            failing: dict[str, Callee] = {}
            for version in self.versions:
                for target in self.callees(version):
                    if not target.accepts(parameter):
                        failing.setdefault(version, target)
            if failing:
                first = next(iter(failing.values()))
                message = f"{first.name} of Keras {_and(list(failing))} has no parameter `{parameter}`"
                yield place, message + first.near(parameter)

    def positions(self) -> Iterator[Finding]:
        for index, name in enumerate(self.rewrite.first):
            spellings = {name, *(old for old, argument in self.rewrite.arguments.items() if argument.rename == name)}
            for version in self.versions:
                for target in self.callees(version):
                    if target.signature is None:
                        continue
                    there = target.signature.positional[index : index + 1]
                    if not there or there[0].name not in spellings:
                        found = f"`{there[0].name}`" if there else "nothing"
                        message = f"position {index + 1} of {target.name} in Keras {version} is {found}, not `{name}`"
                        yield self.where("first"), message

    def forgotten(self) -> Iterator[Finding]:
        if self.rule.match.call is None or self.rewrite.code is not None or self.rewrite.delete:
            return
        mentioned = self.mentioned()
        if "all" in mentioned:
            return
        targets = [target for version in self.versions for target in self.callees(version)]
        for called in self.subject.callees:
            missing = [f"`{name}`" for name in called.to_mention(targets) if name not in mentioned]
            if missing:
                advice = "name each in `arguments`, `drop` or `review.when_given`"
                forgotten = "is forgotten" if len(missing) == 1 else "are forgotten"
                yield self.place, f"{_and(missing)} of {called.name} {forgotten}; {advice}"

    def mentioned(self) -> set[str]:
        found = {parameter for key in self.rewrite.arguments for parameter in _parameters(key)}
        found |= {*self.rewrite.drop, *_HOLE.findall(self.rewrite.template or "")}
        found |= {parameter for case in self.rule.review for parameter in case.when_given}
        found |= {name for name, condition in self.rule.match.given.items() if condition.given is False}
        return found | self.chosen_by()

    def chosen_by(self) -> set[str]:
        """The parameters that led to this way: each is told by the case."""
        ends = range(len(self.shared), len(self.place))
        parts = (_at(self.rule, self.place[:end]) for end in ends)
        return {part.choose_by for part in parts if isinstance(part, Rewrite) and part.choose_by is not None}

    def written(self) -> Iterator[tuple[str, Location]]:
        """The Keras 2 parameters that the result may name."""
        for key, argument in self.rewrite.arguments.items():
            new = argument.rename or argument.tuple
            if new is not None and new not in self.rewrite.first:
                yield new, self.where("arguments", key)
        for new in self.rewrite.add:
            yield new, self.where("add", new)

    def imports(self) -> Iterator[tuple[str, Location]]:
        for name in self.rewrite.imports:
            yield name, self.where("imports")
        for key, argument in self.rewrite.arguments.items():
            for expression in _expressions(argument):
                for name in expression.imports:
                    yield name, self.where("arguments", key)

    def targets(self) -> list[str]:
        """The Keras 2 names of the callee, the attribute or the method."""
        to, match = self.rewrite.to, self.subject.match
        if to is not None and "." in to:
            return [to]
        if match.call:
            return [name if to is None else f"{name.rpartition('.')[0]}.{to}" for name in match.call]
        if match.method is not None and match.of is not None:
            return [f"{match.of}.{to or match.method}"]
        if match.of is not None and knowledge(KERAS_2[0]).ancestors(match.of) and to is not None:
            return [f"{match.of}.{to}"]
        return []

    def callees(self, version: str) -> list[Callee]:
        if self.rewrite.template is not None or self.rewrite.code is not None:
            return []
        names = self.targets()
        if self.rewrite.either is not None:
            names = [next(name for name in self.rewrite.either if exists(knowledge(version), name))]
        found = [callee(knowledge(version), name) for name in names]
        return [each for each in found if each]

    def has_default(self, parameter: str) -> bool:
        known = [found for each in self.subject.callees if (found := each.parameter(parameter))]
        return not known or any(found.default is not None for found in known)

    def where(self, *keys: str) -> Location:
        """The place of a part: the nearest one, from the case up to the whole rewrite, that writes it."""
        for end in range(len(self.place), len(self.shared), -1):
            if _holds(_at(self.rule, self.place[:end]), keys):
                return (*self.place[:end], *keys)
        return (*self.shared, *keys)


def _ways(rewrite: Rewrite, at: Location) -> Iterator[tuple[Rewrite, Location]]:
    if rewrite.choose_by is None:
        yield rewrite, at
        return
    for value, case in rewrite.cases.items():
        yield from _ways(_with_shared(rewrite, case), (*at, "cases", value))
    if isinstance(rewrite.otherwise, Rewrite):
        yield from _ways(_with_shared(rewrite, rewrite.otherwise), (*at, "otherwise"))


def _with_shared(shared: Rewrite, case: Rewrite) -> Rewrite:
    """The case with what it inherits, as the engine sees it."""
    own = {"choose_by", "cases", "otherwise", "choice", "made"}
    kept = {name: getattr(shared, name) for name in shared.model_fields_set - own}
    written = {name: getattr(case, name) for name in case.model_fields_set}
    joined = {
        "arguments": {**shared.arguments, **case.arguments},
        "drop": {**shared.drop, **case.drop},
        "add": {**shared.add, **case.add},
        "require": tuple(dict.fromkeys((*shared.require, *case.require))),
        "imports": tuple(dict.fromkeys((*shared.imports, *case.imports))),
    }
    return Rewrite().model_copy(update={**kept, **written, **joined})


def _speaks_keras_2(rule: Rule, subject: Subject, parameter: str) -> bool:
    for rewrite, at in _rewrites(rule):
        for way, place in _ways(rewrite, at):
            found = _Way(rule, way, place, at, subject, KERAS_2)
            if any(target.accepts(parameter) for version in KERAS_2 for target in found.callees(version)):
                return True
    names = rule.match.call or ()
    found_2 = [callee(knowledge(version), name) for version in KERAS_2 for name in names]
    return any(target is not None and target.accepts(parameter) for target in found_2)


def _at(rule: Rule, place: Location) -> object:
    at: object = rule
    for key in place:
        at = at[key] if isinstance(at, dict) else getattr(at, str(key))
    return at


def _holds(part: object, keys: tuple[str, ...]) -> bool:
    section = getattr(part, keys[0], None)
    return keys[1] in section if len(keys) > 1 and isinstance(section, dict) else bool(section)


def _rewrites(rule: Rule) -> Iterator[tuple[Rewrite, Location]]:
    if rule.rewrite:
        yield rule.rewrite, ("rewrite",)
    for specifier, rewrite in rule.targets.items():
        yield rewrite, ("targets", specifier)


def _expressions(argument: Argument) -> Iterator[Expression]:
    for value in (*(argument.values or {}).values(), *(argument.items or {}).values(), argument.wrap):
        if isinstance(value, Expression):
            yield value


def _parameters(key: str) -> list[str]:
    return [part.strip() for part in key.split(",")]


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]
