"""How many minutes of a person's time does a migration take, and on which basis?

The rates are assumptions, not measurements; every report that shows a number of minutes shows them too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

AUTOMATIC = 0.1
"""Minutes to read one change in the diff."""
UNSAFE = 1.0
"""Minutes to check one change whose equality could not be proven."""
BY_HAND = 5.0
"""Minutes to decide and write one change by hand, test included."""
RULE = 5.0
"""Minutes to read the page of a rule that leaves something to a person, once."""
FAILED = 15.0
"""Minutes to find out why a file could not be migrated."""


@dataclass(frozen=True, slots=True)
class Work:
    """What is to do: changes by kmigrate, changes that need `--unsafe` and a look, uses by hand, files that failed."""

    automatic: int = 0
    unsafe: int = 0
    by_hand: int = 0
    failed: int = 0

    def __add__(self, other: Work) -> Work:
        return Work(
            self.automatic + other.automatic, self.unsafe + other.unsafe,
            self.by_hand + other.by_hand, self.failed + other.failed,
        )  # fmt: skip

    @property
    def minutes(self) -> float:
        """Minutes for this work, the rules known."""
        return sum(item.minutes for item in items(self))


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the estimate."""

    what: str
    count: int
    each: float

    @property
    def minutes(self) -> float:
        """Minutes for all of them."""
        return self.count * self.each


def items(work: Work, rules: int = 0) -> tuple[Item, ...]:
    """The lines of the estimate for some work by hand with so many rules in it."""
    return (
        Item("automatic changes to read", work.automatic, AUTOMATIC),
        Item("unsafe changes to check", work.unsafe, UNSAFE),
        Item("uses to change by hand", work.by_hand, BY_HAND),
        Item("rules to read about", rules, RULE),
        Item("files that failed to look into", work.failed, FAILED),
    )


def total(work: Iterable[Work]) -> Work:
    """All the work."""
    return sum(work, Work())
