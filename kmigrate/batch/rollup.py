"""What do all repositories of a batch come to: the sums, and the order in which a report shows them?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kmigrate.batch.records import Ended, RepositoryRecord
from kmigrate.batch.state import State
from kmigrate.results import Outcome
from kmigrate.results import State as UseState

_ORDER = {Ended.INCOMPLETE: 1, Ended.FAILED: 2}


@dataclass(frozen=True)
class Totals:
    """The sums. `waits` counts reviews of which `--unsafe` would write the change."""

    repositories: Counter[Ended] = field(default_factory=Counter)
    files: Counter[Outcome] = field(default_factory=Counter)
    uses: Counter[str] = field(default_factory=Counter)
    reviews: Counter[str] = field(default_factory=Counter)
    waits: Counter[str] = field(default_factory=Counter)

    def add(self, record: RepositoryRecord) -> None:
        """Count one more repository."""
        self.repositories[record.ended] += 1
        for file in record.files:
            self.files[file.outcome] += 1
            self.uses.update(file.uses)
            self.reviews.update(review.rule for review in file.reviews)
            self.waits.update(review.rule for review in file.reviews if review.unsafe)

    @property
    def accounted(self) -> tuple[int, int]:
        """(uses accounted for, all uses)."""
        total = sum(self.uses.values())
        return total - self.uses[UseState.UNACCOUNTED.value], total


@dataclass(frozen=True)
class Rollup:
    """A batch that is over. Records are read when they are asked for, one at a time: there may be many.

    names: the repositories in the order of a report, those that failed last.
    """

    names: tuple[str, ...]
    totals: Totals
    dry: bool
    _records: Callable[[Iterable[str]], Iterator[RepositoryRecord]]

    @property
    def records(self) -> Iterator[RepositoryRecord]:
        """The record of each repository, in the order of the names."""
        return self._records(self.names)


def rollup(names: Sequence[str], state: State, *, dry: bool) -> Rollup:
    """The roll-up of these repositories of a batch."""
    totals = Totals()
    rank: dict[str, int] = {}
    for record in state.records(names):
        totals.add(record)
        rank[record.name] = _ORDER.get(record.ended, 0)
    return Rollup(tuple(sorted(rank, key=lambda name: (rank[name], name))), totals, dry, state.records)
