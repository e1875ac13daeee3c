"""What a run is ruled by: the rules, indexed, and what both Kerases are, for the targets of the run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from kmigrate.config import Settings
from kmigrate.errors import UnknownVersion
from kmigrate.keras import versions
from kmigrate.keras.signatures import KERAS_1, knowledge
from kmigrate.match.rules import RuleIndex, index
from kmigrate.rewrite.modules import Places
from kmigrate.ruleset.compiled import compiled_rules
from kmigrate.ruleset.select import for_targets, select

if TYPE_CHECKING:
    from kmigrate.ruleset.schema import Rule


@dataclass(frozen=True, slots=True)
class Ruling:
    """Made once per run.

    members: names of members that are worth asking what the object is.
    hints: method -> (documented name, keywords that only Keras 1 has): they let a call on an unknown object speak for itself.
    """

    targets: tuple[str, ...]
    places: Places
    members: frozenset[str]
    hints: dict[str, tuple[str, frozenset[str]]]
    unsafe: bool
    emit_helpers: bool

    @property
    def rules(self) -> RuleIndex:
        """The rules by the names they treat."""
        return self.places.rules


def ruling(settings: Settings) -> Ruling:
    """The ruling of these settings, one for all projects of a process, for as long as the files of the rules stay as they are.

    Raises InvalidRule, UnknownRule or UnknownVersion.
    """
    return _made(settings, compiled_rules(settings.rules))


@lru_cache(maxsize=16)
def _made(settings: Settings, known: tuple[Rule, ...]) -> Ruling:
    try:
        targets = versions.resolve_targets(settings.to)
    except versions.UnknownVersion as error:
        raise UnknownVersion(str(error)) from error
    keras1 = knowledge(KERAS_1)
    rules = index(for_targets(select(known, settings.select, settings.ignore), targets), keras1)
    places = Places(keras1, tuple(knowledge(version) for version in targets), rules)
    members = keras1.member_names() | rules.attribute_names
    return Ruling(targets, places, members, _hints(rules), settings.unsafe, settings.emit_helpers)


def _hints(rules: RuleIndex) -> dict[str, tuple[str, frozenset[str]]]:
    hints: dict[str, tuple[str, frozenset[str]]] = {}
    for path, listed in rules.calls.items():
        owner, _, name = path.rpartition(".")
        if not owner.startswith("keras.models.") or not name.islower():
            continue
        keywords = frozenset(
            key
            for rule in listed if rule.rewrite is not None
            for key, spec in rule.rewrite.arguments.items() if spec.rename not in (None, key) and "," not in key
        )  # fmt: skip
        if keywords and (name not in hints or owner == "keras.models.Model"):
            hints[name] = (path, keywords | hints.get(name, ("", frozenset()))[1])
    return hints
