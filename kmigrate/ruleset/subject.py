"""What does a rule treat, and does what it treats have the parameters that the rule speaks of?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from kmigrate.ruleset.callee import Callee
from kmigrate.ruleset.document import Location
from kmigrate.ruleset.schema import Match

Finding: TypeAlias = tuple[Location, str]
"""A place in the rule file, and what is wrong there."""


@dataclass(frozen=True)
class Subject:
    """What the rule treats: the Keras 1 callees (none for attributes, names and modules)."""

    callees: tuple[Callee, ...]
    match: Match

    def complaint(self, parameter: str) -> str | None:
        """Why this is no Keras 1 parameter; None if one of the callees has it."""
        if not self.callees or any(callee.accepts(parameter) for callee in self.callees):
            return None
        first = self.callees[0]
        return f"{first.name} of Keras 1 has no parameter `{parameter}`{first.near(parameter)}"


def known(subject: Subject, parameter: str, place: Location) -> Iterator[Finding]:
    """A finding where no callee has the parameter."""
    complaint = subject.complaint(parameter)
    if complaint:
        yield place, complaint
