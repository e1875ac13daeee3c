"""What is an item that differs between Keras 1 and Keras 2, and what do all of them come to?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["module", "name", "parameter", "default", "method", "attribute", "protocol"]

KINDS: dict[Kind, str] = {
    "module": "modules",
    "name": "names, under every import path",
    "parameter": "parameters",
    "default": "defaults",
    "method": "methods",
    "attribute": "attributes",
    "protocol": "methods that subclasses define",
}


@dataclass(frozen=True, slots=True)
class Item:
    """Something of Keras 1 that differs in some target.

    name: documented name; a parameter stands behind its callee, in parentheses.
    difference: what is not the same, and where.
    rules: ids of the rules that treat it; without any it is a gap.
    """

    kind: Kind
    name: str
    difference: str
    rules: tuple[str, ...]

    @property
    def treated(self) -> bool:
        """Whether some rule speaks of it."""
        return bool(self.rules)


@dataclass(frozen=True, slots=True)
class Coverage:
    """All items of a set of rules."""

    targets: tuple[str, ...]
    items: tuple[Item, ...]

    @property
    def gaps(self) -> tuple[Item, ...]:
        """What no rule treats."""
        return tuple(item for item in self.items if not item.treated)

    @property
    def percent(self) -> float:
        """The treated share, rounded down to two digits, so that 100 means all."""
        treated = len(self.items) - len(self.gaps)
        return (treated * 10_000 // len(self.items)) / 100 if self.items else 100.0

    def counts(self) -> dict[Kind, tuple[int, int]]:
        """(treated, all) of each kind."""
        found: dict[Kind, tuple[int, int]] = {}
        for kind in KINDS:
            items = [item for item in self.items if item.kind == kind]
            found[kind] = sum(item.treated for item in items), len(items)
        return found
