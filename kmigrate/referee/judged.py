"""How does each of many small programs end on each Keras 2? They share processes; what looks wrong is run again alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from kmigrate.keras.specifiers import allows
from kmigrate.referee.exceptions import tolerance
from kmigrate.referee.judge import KERAS_1, TOLERANCE, Breaks, Differs, NoOracle, Oracle, Same, Verdict, oracle, verdict
from kmigrate.referee.migrated import migrated
from kmigrate.referee.outcome import Program, Ran
from kmigrate.referee.pool import Pool
from kmigrate.results import Affected, FileResult, Outcome

SECONDS = 60.0


class Ending(str, Enum):
    """How a program ended on one version."""

    SAME = "same"
    REVIEW = "review"
    NOTED = "noted"
    DIFFERS = "differs"
    BREAKS = "breaks"
    WARNS = "warns"
    FAILED = "not migrated"
    REFUSED = "refused by Keras 1"


PLACES: dict[Affected, tuple[str, ...]] = {
    "start": ("initial",),
    "training": ("training", "trained"),
    "loss": ("loss",),
    "batches": ("batches",),
}
"""Where a difference shows that a note tells of. No note excuses what a model computes."""

FAULTS = (Ending.DIFFERS, Ending.BREAKS, Ending.WARNS, Ending.FAILED)


@dataclass(frozen=True)
class Judged:
    """A program on one version: what kmigrate made of it, and what the Kerases say; no verdict where it is under review."""

    name: str
    program: str
    version: str
    result: FileResult
    verdict: Verdict | None

    @property
    def ending(self) -> Ending:
        """The verdict in the light of what kmigrate said."""
        if isinstance(self.verdict, NoOracle):
            return Ending.REFUSED
        if self.result.outcome is Outcome.FAILED:
            return Ending.FAILED
        match self.verdict:
            case None:
                return Ending.REVIEW
            case Same(legacy=()):
                return Ending.SAME
            case Same():
                return Ending.WARNS
        if isinstance(self.verdict, Breaks):
            return Ending.BREAKS
        places = {re.split(r"\W", str(item))[0] for item in self.verdict.differences}
        return Ending.NOTED if places <= self._told else Ending.DIFFERS

    @property
    def _told(self) -> set[str]:
        """Where kmigrate says that this version differs."""
        notes = [note for note in self.result.notes if note.versions is None or allows(note.versions, self.version)]
        return {place for note in notes for affected in note.affects for place in PLACES[affected]}


Named = tuple[str, str]
"""A name, by which exceptions are known, and a program."""


def judge_all(
    pool: Pool, programs: Sequence[Named], versions: Sequence[str], rules: tuple[Path, ...] = (),
    progress: Callable[[str], None] = lambda text: None,
) -> list[Judged]:  # fmt: skip
    """The endings of all programs on all versions; `rules` are folders of other rules."""
    truths = _truths(pool, dict.fromkeys(text for _, text in programs), shared=True, progress=progress)
    found: list[Judged] = []
    for version in versions:
        results = {text: migrated(text, version, rules=rules) for text in truths}
        judged = _on_version(pool, programs, version, truths, results, progress)
        doubtful = [item for item in judged if isinstance(item.verdict, Differs | Breaks)]
        alone = _truths(pool, dict.fromkeys(item.program for item in doubtful), shared=False, progress=progress)
        again = _on_version(pool, [(item.name, item.program) for item in doubtful], version, alone, results, progress)
        settled = {item.name: item for item in again}
        found += [settled.get(item.name, item) for item in judged]
    return found


def _truths(
    pool: Pool, texts: Iterable[str], *, shared: bool, progress: Callable[[str], None]
) -> dict[str, Oracle]:
    """What Keras 1 says of each program; the processes of one Keras do all their work before those of the next."""
    programs = {text: Program(text, shared=shared, seconds=SECONDS) for text in texts}
    if programs:
        progress(f"Keras {KERAS_1}: {len(programs)} programs{'' if shared else ', each alone'}")
    if shared:
        pool.prepare(KERAS_1, [(program, None) for program in programs.values()])
    return dict(zip(programs, pool.each(lambda program: oracle(pool, program), programs.values()), strict=True))


def _on_version(
    pool: Pool, programs: Sequence[Named], version: str, truths: dict[str, Oracle], results: dict[str, FileResult],
    progress: Callable[[str], None],
) -> list[Judged]:  # fmt: skip
    work = [
        (replace(truth.program, text=results[text].after), truth.outcome)
        for text, truth in truths.items()
        if isinstance(truth.outcome, Ran) and not results[text].reviews
    ]
    if work:
        progress(f"Keras {version}: {len(work)} programs{'' if work[0][0].shared else ', each alone'}")
    if work and work[0][0].shared:
        pool.prepare(version, work)

    def one(item: Named) -> Judged:
        name, text = item
        result, truth = results[text], truths[text]
        if result.reviews and isinstance(truth.outcome, Ran):
            return Judged(name, text, version, result, None)
        said = verdict(pool, version, truth, result.after, tolerance(name) or TOLERANCE)
        return Judged(name, text, version, result, said)

    return list(pool.each(one, programs))
