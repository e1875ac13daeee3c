"""Is what a rule says of Keras 1 and Keras 2 true, and does it account for every parameter?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kmigrate.keras.signatures import KERAS_1, KERAS_2, knowledge
from kmigrate.keras.versions import resolve_targets
from kmigrate.ruleset.callee import callee, exists, unknown
from kmigrate.ruleset.check_helpers import check_helpers
from kmigrate.ruleset.check_rewrite import check_conditions, check_rewrite
from kmigrate.ruleset.document import Problem, RuleFileError
from kmigrate.ruleset.loader import builtin_rules_folder, duplicates, load_rules
from kmigrate.ruleset.rule_file import RuleFile, read_rule, rule_paths
from kmigrate.ruleset.subject import Finding, Subject

if TYPE_CHECKING:
    from kmigrate.ruleset.schema import Match, Rule

TENSOR = "keras_tensor"
"""What `of` may say besides a class: a tensor of the graph."""


def check(folder: Path) -> list[str]:
    """Everything that is wrong with the rules of a folder, as `file:line: message`."""
    refused: list[RuleFileError] = []
    files: list[RuleFile] = []
    for path in rule_paths(folder):
        try:
            files.append(read_rule(path))
        except RuleFileError as unreadable:
            refused.append(unreadable)
    ours = () if folder.resolve() == builtin_rules_folder().resolve() else load_rules()
    known = (*ours, *(file.rule for file in files))
    calls = frozenset(knowledge(KERAS_1).canonical(name) for rule in known for name in rule.match.call or ())
    for file in files:
        lost = [Problem(file.document.line(place), message) for place, message in _lost(file.rule.match, calls)]
        found = problems(file) + lost
        refused += [RuleFileError(file.path, found)] if found else []
    refused += duplicates(files)
    return [line for each in sorted(refused, key=lambda each: each.path) for line in each.lines()]


def check_rule(rule: Rule) -> list[str]:
    """What the rule says that is not true of Keras, and what it forgets."""
    return list(dict.fromkeys(message for _, message in findings(rule)))


def problems(file: RuleFile) -> list[Problem]:
    """The same, with the lines of the rule's file."""
    found = (Problem(file.document.line(location), message) for location, message in findings(file.rule))
    return list(dict.fromkeys(found))


def findings(rule: Rule) -> Iterator[Finding]:
    """The same, with the place in the rule (keys and indexes, as in the file)."""
    yield from _match(rule.match)
    subject = _subject(rule)
    yield from check_conditions(rule, subject)
    yield from check_helpers(rule, subject)
    if rule.rewrite:
        yield from check_rewrite(rule, rule.rewrite, ("rewrite",), subject, resolve_targets(None))
    for specifier, rewrite in rule.targets.items():
        versions, complaint = _fitting(specifier)
        if complaint:
            yield ("targets", specifier), complaint
        yield from check_rewrite(rule, rewrite, ("targets", specifier), subject, versions)
    for number, example in enumerate(rule.examples):
        if example.to is not None:
            try:
                resolve_targets(example.to)
            except ValueError as error:
                yield ("examples", number, "to"), str(error)


def _match(match: Match) -> Iterator[Finding]:
    keras = knowledge(KERAS_1)
    for name in match.call or ():
        documented = keras.canonical(name)
        if callee(keras, name) is None:
            yield ("match", "call"), unknown(keras, name)
        elif documented not in (None, name):
            yield ("match", "call"), f"`{name}` is another name of `{documented}`; write that one, it stands for all"
    for name in match.gone or ():
        if not exists(keras, name) and not match.unlisted:
            yield ("match", "gone"), unknown(keras, name)
    for name in match.copied:
        if name not in (match.gone or ()):
            yield ("match", "copied"), f"`{name}` is not in `gone`"
    if match.of is not None and match.of != TENSOR:
        yield from _members(match, match.of)
    for old, new in (match.names or {}).items():
        yield from _renamed(old, new)
    for old, new in (match.modules or {}).items():
        if not keras.is_module(old):
            yield ("match", "modules", old), f"Keras 1 has no module `{old}`{_near_module(KERAS_1, old)}"
        for version in resolve_targets(None):
            if not knowledge(version).is_module(new):
                yield ("match", "modules", old), f"Keras {version} has no module `{new}`{_near_module(version, new)}"


def _members(match: Match, owner: str) -> Iterator[Finding]:
    keras = knowledge(KERAS_1)
    if not keras.ancestors(owner):
        yield ("match", "of"), f"{unknown(keras, owner)} (a class, or `{TENSOR}`)"
        return
    for kind in ("method", "attribute", "assign"):
        names = getattr(match, kind) or ()
        for name in (names,) if isinstance(names, str) else names:
            if keras.member(owner, name) is None and not match.unlisted:
                yield ("match", kind), unknown(keras, f"{owner}.{name}")


def _renamed(old: str, new: str) -> Iterator[Finding]:
    if not exists(knowledge(KERAS_1), old):
        yield ("match", "names", old), unknown(knowledge(KERAS_1), old)
    for version in resolve_targets(None):
        if not exists(knowledge(version), new.removesuffix("()")):
            yield ("match", "names", old), unknown(knowledge(version), new)


def _lost(match: Match, calls: frozenset[str | None]) -> Iterator[Finding]:
    """Names that did not keep their parameters, and that no rule with `call` treats."""
    keras = knowledge(KERAS_1)
    for old, new in (match.names or {}).items():
        before = callee(keras, old)
        if before is None or keras.canonical(old) in calls:
            continue
        for version in resolve_targets(None):
            after = callee(knowledge(version), new)
            lost = [parameter.name for parameter in before.named if after and not after.accepts(parameter.name)]
            if lost:
                message = f"`{new}` of Keras {version} does not take {', '.join(lost)}; add a rule with `call: {old}`"
                yield ("match", "names", old), message
                break


def _near_module(version: str, name: str) -> str:
    from kmigrate.ruleset.near import nearest_path

    return nearest_path(name, knowledge(version).modules)


def _subject(rule: Rule) -> Subject:
    """What is called, or defined; nothing for attributes, names and modules."""
    match = rule.match
    names: tuple[str, ...] = match.call or ()
    if match.method and match.of:
        names = (f"{match.of}.{match.method}",)
    found = [callee(knowledge(KERAS_1), name) for name in names]
    return Subject(tuple(known for known in found if known), match)


def _fitting(specifier: str) -> tuple[tuple[str, ...], str | None]:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        versions = tuple(SpecifierSet(specifier).filter(KERAS_2))
    except InvalidSpecifier:
        return (), f'`{specifier}` is not a version specifier, such as "<2.2" or ">=2.3,<2.4"'
    if not versions:
        return (), f"no Keras 2 fits `{specifier}`; there are {', '.join(KERAS_2)}"
    return versions, None
