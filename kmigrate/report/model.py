"""What did a run find: the results, counted by state, by rule and by file, and the work that is left?"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kmigrate.config import Settings
from kmigrate.edits import Confidence
from kmigrate.results import FileResult, Outcome, State
from kmigrate.verification import Verification

if TYPE_CHECKING:
    from kmigrate.ruleset.schema import Rule


@dataclass(frozen=True, slots=True)
class RuleCount:
    """What one rule did: uses changed (of these `unsafe`), reviews left, and files in which it spoke.

    The title of a rule that changed nothing is the name of a thing that it reviews.
    """

    rule: str
    title: str
    changed: int
    unsafe: int
    reviews: int
    files: int


@dataclass(frozen=True, slots=True)
class Effort:
    """The work by who does it: changed by kmigrate, waiting for `--unsafe`, left to a person."""

    changed: int
    waiting: int
    by_hand: int

    @property
    def share(self) -> int:
        """Percent of the uses in need of a change that kmigrate changes or can change."""
        total = self.changed + self.waiting + self.by_hand
        return 100 if not total else 100 * (self.changed + self.waiting) // total


@dataclass(frozen=True)
class Report:
    """The results of a run in order of their paths, with the Keras 2 versions they are meant for.

    `base` is the one folder that the run was about: a patch names files outside of the working directory from there.
    `written` says whether the changes were written. `paths` and `settings` are those of the run. `verification` is there
    where real Kerases were asked.
    """

    files: tuple[FileResult, ...]
    targets: tuple[str, ...]
    base: Path | None = None
    written: bool = False
    paths: tuple[Path, ...] = ()
    settings: Settings = field(default_factory=Settings)
    verification: Verification | None = None

    @classmethod
    def of(
        cls,
        results: Iterable[FileResult],
        to: str | None,
        paths: Sequence[Path] = (),
        *,
        written: bool = False,
        settings: Settings | None = None,
        verification: Verification | None = None,
    ) -> Report:
        """The report on some results; `to` is the version asked for, `paths` are what the run was asked to look at."""
        from kmigrate.keras.versions import DEFAULT_TARGETS

        only = paths[0].absolute() if len(paths) == 1 else None
        base = only.parent if only is not None and os.path.isfile(only) else only  # noqa: PTH113 - it may not be readable
        targets = (to,) if to else DEFAULT_TARGETS
        return cls(tuple(results), targets, base, written, tuple(paths), settings or Settings(to), verification)

    @property
    def changed(self) -> list[FileResult]:
        """Files with a new text, and new files."""
        return [file for file in self.files if file.outcome in (Outcome.CHANGED, Outcome.CREATED)]

    @property
    def reviewed(self) -> list[FileResult]:
        """Files with reviews."""
        return [file for file in self.files if file.reviews]

    @property
    def failed(self) -> list[FileResult]:
        """Files that could not be migrated."""
        return [file for file in self.files if file.outcome is Outcome.FAILED]

    @property
    def touched(self) -> list[FileResult]:
        """Files about which there is something to tell."""
        return [file for file in self.files if file.uses or file.reviews or file.outcome is not Outcome.NOT_KERAS]

    @cached_property
    def outcomes(self) -> Counter[Outcome]:
        """How many files ended in each way."""
        return Counter(file.outcome for file in self.files)

    @cached_property
    def states(self) -> Counter[State]:
        """How many uses of Keras ended in each state."""
        return sum((file.states for file in self.files), Counter())

    @property
    def accounted(self) -> tuple[int, int]:
        """(uses accounted for, all uses)."""
        total = sum(self.states.values())
        return total - self.states[State.UNACCOUNTED], total

    @property
    def effort(self) -> Effort:
        """Who does what."""
        reviews = [review for file in self.files for review in file.reviews]
        waiting = sum(review.unsafe for review in reviews)
        return Effort(self.states[State.CHANGED], waiting, len(reviews) - waiting)

    @cached_property
    def rulebook(self) -> dict[str, Rule]:
        """What the rules say of themselves (why, links), by id."""
        from kmigrate.ruleset.compiled import last_rules

        return {rule.id: rule for rule in last_rules(self.settings.rules)}

    @cached_property
    def rules(self) -> tuple[RuleCount, ...]:
        """What each rule did, the busiest first."""
        titles = {review.rule: review.name for file in self.files for review in file.reviews}
        changed: Counter[str] = Counter()
        unsafe: Counter[str] = Counter()
        reviews: Counter[str] = Counter()
        where: Counter[str] = Counter()
        for file in self.files:
            titles |= {change.rule: change.title for change in file.changes}
            changed.update(change.rule for change in file.changes)
            unsafe.update(change.rule for change in file.changes if change.confidence is Confidence.UNSAFE)
            reviews.update(review.rule for review in file.reviews)
            where.update({change.rule for change in file.changes} | {review.rule for review in file.reviews})
        counts = (RuleCount(r, titles.get(r, ""), changed[r], unsafe[r], reviews[r], where[r]) for r in where)
        return tuple(sorted(counts, key=lambda count: (-count.changed - count.reviews, count.rule)))
