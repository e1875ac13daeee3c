"""What is asked of both Kerases and of the rules, wherever differences are looked for?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kmigrate.keras.signatures import Knowledge, Member
from kmigrate.match.rules import RuleIndex
from kmigrate.rewrite.modules import Places
from kmigrate.rewrite.plan import variant

if TYPE_CHECKING:
    from kmigrate.ruleset.schema import Rewrite, Rule


@dataclass(frozen=True)
class Between:
    """Keras 1, the places of its names in the targets, and the rules."""

    keras1: Knowledge
    places: Places
    rules: RuleIndex

    @cached_property
    def documented(self) -> list[str]:
        """The primary path of every public object."""
        paths = (self.keras1.canonical(path) for path in self.keras1.paths() if public(path))
        return sorted({path for path in paths if path is not None and public(path)})

    def places_of(self, path: str, rules: list[Rule]) -> list[str]:
        """Where a call can end up: what the rules rename it to, else its place in Keras 2."""
        renamed = [way.to for rule in rules for way in self.ways(rule) if way.to is not None]
        place = self.places.name(path)
        return list(dict.fromkeys(renamed)) or ([place[0].removesuffix("()")] if place is not None else [])

    def ways(self, rule: Rule) -> list[Rewrite]:
        """The rewrite of a rule and those of its cases."""
        rewrite = variant(rule, self.places.targets)
        return [] if rewrite is None else list(_ways(rewrite))

    def class_in(self, keras: Knowledge, cls: str) -> str | None:
        """What a class is called in a target; None if it does not live on."""
        if cls in self.rules.gone:
            return None
        found = keras.get(cls)
        if found is not None and found.kind == "class":
            return found.path
        new = [way.to for rule in self.rules.calls.get(cls, ()) for way in self.ways(rule) if way.to is not None]
        place = self.places.name(cls)
        if new:
            return keras.canonical(new[0])
        return place[0] if place is not None else None

    def of(self, rule: Rule, cls: str) -> bool:
        """Whether a rule for members means those of this class."""
        owner = rule.match.of
        return owner is None or (self.keras1.canonical(owner) or owner) in self.keras1.ancestors(cls)


def public(path: str) -> bool:
    """Whether no part of a path is private."""
    return not any(part.startswith("_") for part in path.split("."))


def gone_in(versions: Iterable[str]) -> str:
    """In words: which versions have no such thing."""
    return f"not in Keras {', '.join(dict.fromkeys(versions))}"


def is_method(member: Member) -> bool:
    """Whether a member is called."""
    return member.kind in ("method", "classmethod", "staticmethod")


def whole(rule: Rule) -> bool:
    """Whether the rule leaves every use to a person."""
    return rule.confidence == "review" or rule.rewrite is None


def _ways(rewrite: Rewrite) -> Iterator[Rewrite]:
    yield rewrite
    for case in (*rewrite.cases.values(), rewrite.otherwise):
        if case is not None and not isinstance(case, str):
            yield from _ways(case)
