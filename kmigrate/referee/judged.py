"""How does each of many small programs end on each Keras 2? They share processes; what looks wrong is run again alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from kmigrate.referee.exceptions import tolerance
from kmigrate.referee.judge import KERAS_1, TOLERANCE, Breaks, Differs, NoOracle, Same, Verdict, oracle, verdict
from kmigrate.referee.migrated import migrated
from kmigrate.referee.outcome import Program, Ran
from kmigrate.referee.pool import Pool
from kmigrate.results import FileResult, Outcome

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
        if self.result.notes:
            return Ending.NOTED
        return Ending.DIFFERS if isinstance(self.verdict, Differs) else Ending.BREAKS


Named = tuple[str, str]
"""A name, by which exceptions are known, and a program."""


def judge_all(
    pool: Pool, programs: Sequence[Named], versions: Sequence[str], rules: tuple[Path, ...] = (),
    progress: Callable[[str], None] = lambda text: None,
) -> list[Judged]:  # fmt: skip
    """The endings of all programs on all versions; `rules` are folders of other rules."""
    shared = {text: Program(text, shared=True, seconds=SECONDS) for _, text in programs}
    progress(f"Keras {KERAS_1}: {len(shared)} programs")
    pool.prepare(KERAS_1, [(program, None) for program in shared.values()])
    truths = dict(zip(shared, pool.each(lambda program: oracle(pool, program), shared.values()), strict=True))
    found: list[Judged] = []
    for version in versions:
        results = {text: migrated(text, version, rules=rules) for text in shared}
        work = [
            (replace(shared[text], text=result.after), ran)
            for text, result in results.items()
            if isinstance(ran := truths[text].outcome, Ran) and not result.reviews
        ]
        progress(f"Keras {version}: {len(work)} of them")
        pool.prepare(version, work)

        def one(item: Named, version: str = version, results: dict[str, FileResult] = results) -> Judged:
            name, text = item
            result = results[text]
            if result.reviews and isinstance(truths[text].outcome, Ran):
                return Judged(name, text, version, result, None)
            allowed = tolerance(name) or TOLERANCE
            said = verdict(pool, version, truths[text], result.after, allowed)
            if isinstance(said, Differs | Breaks):
                alone = oracle(pool, Program(text, seconds=SECONDS))
                said = verdict(pool, version, alone, result.after, allowed)
            return Judged(name, text, version, result, said)

        found.extend(pool.each(one, programs))
    return found
