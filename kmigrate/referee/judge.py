"""Does a migrated program on a Keras 2 compute what the original computes on Keras 1?

What Keras 1 itself computes otherwise under another seed (untrained weights, dropped units) can't be compared as it
is: Keras 2 then runs a second time with the start weights of the Keras 1 run. Numbers that depend on chance even so,
for Keras 1 with those weights and another seed has others, are compared by how far they scatter there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from kmigrate.referee.compare import MISSING, Difference, Tolerance, differences
from kmigrate.referee.outcome import Failed, Outcome, Program, Ran, Stopped
from kmigrate.referee.pool import Pool

KERAS_1 = "1.2.2"
TOLERANCE = Tolerance()
OTHER_SEED = 1
SCATTER = 4.0
"""A number that depends on chance may differ by so many times the difference between two seeds on Keras 1."""
EXACT = Tolerance(0.0, 1e-7)
LOOSE = Tolerance(0.03, 0.05)
RANDOM = Tolerance(0.0, 0.25)
"""The deviation of some hundred random numbers says which distribution they are from; initializers differ by 40 %."""

SHAPES = ("inputs", "outputs", "parameters")
COMPUTED = ("forward", "loss", "training", "trained")


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
    """What Keras 1 says of a program."""

    program: Program
    outcome: Outcome


def oracle(pool: Pool, program: Program) -> Oracle:
    """Run the original on Keras 1."""
    return Oracle(program, pool.outcome(KERAS_1, program))


def verdict(pool: Pool, version: str, truth: Oracle, text: str, tolerance: Tolerance = TOLERANCE) -> Verdict:
    """Run a migrated text on one Keras 2 and compare."""
    match truth.outcome:
        case Failed(problem=problem):
            return NoOracle(f"Keras 1 fails: {problem}")
        case Stopped(seconds=seconds):
            return NoOracle(f"Keras 1 needs more than {seconds:g} seconds")
        case Ran() as keras1:
            pass
    if not keras1.reports and not keras1.model:
        return NoOracle("the program leaves nothing to compare")

    def on_keras2(carry: bool) -> Outcome:
        return pool.outcome(version, replace(truth.program, text=text, carry=carry), keras1)

    def on_keras1(carry: bool) -> Outcome:
        other = replace(truth.program, seed=OTHER_SEED, carry=carry)
        return pool.outcome(KERAS_1, other, keras1 if carry else None)

    return _compared(keras1, on_keras1, on_keras2, tolerance)


Run = Callable[[bool], Outcome]
"""Runs a program; with True its models start with the weights of the Keras 1 run."""


def _compared(keras1: Ran, on_keras1: Run, on_keras2: Run, tolerance: Tolerance) -> Verdict:
    keras2 = on_keras2(False)
    if isinstance(keras2, Failed):
        return Breaks(str(keras2.problem), keras2.problem.line)
    if isinstance(keras2, Stopped):
        return Breaks(f"did not end in {keras2.seconds:g} seconds")
    found = tuple(_found(keras1, keras2, tolerance))
    if not found:
        return Same(keras2.legacy)
    if not keras1.reports:
        return Differs(found)
    chancy = _varying(keras1, on_keras1(False))
    if any(_top(item) not in chancy for item in found):
        return Differs(found)
    again = on_keras2(True)
    if not isinstance(again, Ran):
        return Differs(found, chance=True)
    left = tuple(_found(keras1, again, tolerance))
    if left:
        other = on_keras1(True)
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
    fits = "weights" not in keras2.model
    for key in SHAPES:
        yield from differences(keras1.model[key], _as_known(keras1.model[key], keras2.model[key]), tolerance, key)
    for key in COMPUTED if fits else ():
        if key in keras1.model:
            yield from differences(keras1.model[key], keras2.model.get(key, MISSING), tolerance, key)
    if not fits:
        yield Difference("weights", "Keras 1 weights", keras2.model["weights"])
    for number, (first, second) in enumerate(keras2.model.get("initial", ())):
        yield from differences(first, second, RANDOM if isinstance(first, dict) else tolerance, f"initial[{number}]")


def _as_known(first: Any, second: Any) -> Any:
    """A shape, with the sizes left out that Keras 1 does not know: Keras 2 works out more of them beforehand."""
    if isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        return [_as_known(one, other) for one, other in zip(first, second, strict=True)]
    return None if first is None and isinstance(second, int) else second


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
