"""Does a migrated program on a Keras 2 compute what the original computes on Keras 1?

What Keras 1 itself computes otherwise under another seed (untrained weights, dropped units) can't be compared as it
is: Keras 2 then runs a second time with the start weights of the Keras 1 run. Numbers that depend on chance even so,
for Keras 1 with those weights and another seed has others, are compared by how far they scatter there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from kmigrate.verify.referee.compare import MISSING, Difference, Tolerance, differences
from kmigrate.verify.referee.outcome import Failed, Outcome, Program, Ran, Stopped
from kmigrate.verify.referee.pool import Pool

KERAS_1 = "1.2.2"
TOLERANCE = Tolerance()
OTHER_SEED = 1
SCATTER = 4.0
"""A number that depends on chance may differ by so many times the difference between two seeds on Keras 1."""
EXACT = Tolerance(0.0, 1e-7)
LOOSE = Tolerance(0.03, 0.05)


@dataclass(frozen=True, slots=True)
class Same:
    """Keras 2 computes the same; `legacy` are warnings that the text still speaks Keras 1."""

    legacy: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Differs:
    """Keras 2 runs the text and computes something else."""

    differences: tuple[Difference, ...]
    chance: bool = False
    """Only in values that depend on chance on Keras 1 too."""


@dataclass(frozen=True, slots=True)
class Breaks:
    """Keras 2 does not run the text to its end."""

    reason: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class NoOracle:
    """Keras 1 does not run the original, or it says nothing that could be compared."""

    reason: str


Verdict = Same | Differs | Breaks | NoOracle


@dataclass(frozen=True, slots=True)
class Oracle:
    """What Keras 1 says of a program under two seeds."""

    program: Program
    first: Outcome
    second: Outcome


def oracle(pool: Pool, text: str, seconds: float) -> Oracle:
    """Run the original on Keras 1."""
    program = Program(text, seconds=seconds)
    first = pool.outcome(KERAS_1, program)
    second = pool.outcome(KERAS_1, replace(program, seed=OTHER_SEED)) if isinstance(first, Ran) else first
    return Oracle(program, first, second)


def verdict(
    pool: Pool, version: str, truth: Oracle, text: str, seconds: float, tolerance: Tolerance = TOLERANCE
) -> Verdict:
    """Run a migrated text on one Keras 2 and compare."""
    match truth.first:
        case Failed(problem=problem):
            return NoOracle(f"Keras 1 fails: {problem}")
        case Stopped():
            return NoOracle(f"Keras 1 needs more than {seconds:g} seconds")
        case Ran() as keras1:
            pass
    if not keras1.reports and not keras1.model:
        return NoOracle("the program leaves nothing to compare")

    def run(carry: bool) -> Outcome:
        return pool.outcome(version, Program(text, carry=carry, seconds=seconds), keras1)

    def scatter() -> Outcome:
        return pool.outcome(KERAS_1, replace(truth.program, seed=OTHER_SEED, carry=True), keras1)

    return _compared(truth, keras1, run, scatter, tolerance)


def _compared(
    truth: Oracle, keras1: Ran, run: Callable[[bool], Outcome], scatter: Callable[[], Outcome], tolerance: Tolerance
) -> Verdict:
    keras2 = run(False)
    if isinstance(keras2, Failed):
        return Breaks(str(keras2.problem), keras2.problem.line)
    if isinstance(keras2, Stopped):
        return Breaks(f"did not end in {keras2.seconds:g} seconds")
    found = tuple(_found(keras1, keras2, tolerance))
    if not found:
        return Same(keras2.legacy)
    chancy = _varying(keras1, truth.second)
    if any(_top(item) not in chancy for item in found):
        return Differs(found)
    again = run(True)
    if not isinstance(again, Ran):
        return Differs(found, chance=True)
    left = tuple(_found(keras1, again, tolerance))
    if left:
        other = scatter()
        left = tuple(item for item in left if not _by_chance(_top(item), keras1, again, other))
    return Differs(left, chance=True) if left else Same(again.legacy)


def _found(keras1: Ran, keras2: Ran, tolerance: Tolerance) -> Iterator[Difference]:
    """The differences of all that can be compared: of the reports, or of the model if there are none."""
    for key in [*keras1.reports, *(key for key in keras2.reports if key not in keras1.reports)]:
        yield from differences(keras1.reports.get(key, MISSING), keras2.reports.get(key, MISSING), tolerance, key)
    if keras1.reports or not keras1.model:
        return
    if not keras2.model:
        yield Difference("model", "a model", MISSING)
        return
    for key in ("inputs", "outputs", "parameters", "forward"):
        if key in keras1.model and (key != "forward" or "weights" not in keras2.model):
            yield from differences(keras1.model[key], keras2.model.get(key, MISSING), tolerance, key)
    if "weights" in keras2.model:
        yield Difference("weights", "Keras 1 weights", keras2.model["weights"])


def _varying(first: Ran, second: Outcome) -> set[str]:
    """The reports in which two runs differ at all."""
    if not isinstance(second, Ran):
        return set()
    return {key for key in first.reports if any(_exactly(first, second, key))}


def _by_chance(key: str, keras1: Ran, keras2: Ran, other: Outcome) -> bool:
    """Is a report of Keras 2 no farther from that of Keras 1 than chance explains?"""
    if not isinstance(other, Ran):
        return False
    scatter = max((item.size or 0.0 for item in _exactly(keras1, other, key)), default=0.0)
    loose = Tolerance(max(LOOSE.absolute, SCATTER * scatter), LOOSE.relative)
    first, second = keras1.reports.get(key, MISSING), keras2.reports.get(key, MISSING)
    return scatter > 0.0 and not any(differences(first, second, loose, key))


def _exactly(first: Ran, second: Ran, key: str) -> Iterator[Difference]:
    return differences(first.reports.get(key, MISSING), second.reports.get(key, MISSING), EXACT, key)


def _top(item: Difference) -> str:
    """The report in which a difference is."""
    return item.place.split(" ")[0].split(".")[0].split("[")[0]
