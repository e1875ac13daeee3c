"""What came of a program on one Keras?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECONDS = 120.0
MEGABYTES = 8192


@dataclass(frozen=True, slots=True)
class Program:
    """A program to be run.

    `seed` feeds every source of random numbers; `carry` gives the models the weights with which those of the
    Keras 1 run started, as soon as they start to work. A `shared` one may run in one process with others, one after
    the other, and TensorFlow 2 then compiles no functions.
    """

    text: str
    seed: int = 0
    carry: bool = False
    shared: bool = False
    seconds: float = SECONDS
    megabytes: int = MEGABYTES


@dataclass(frozen=True, slots=True)
class Problem:
    """The error that ended a program, and its line there."""

    kind: str
    message: str
    line: int | None = None

    def __str__(self) -> str:
        first = self.message.strip().splitlines()[0] if self.message.strip() else ""
        return f"{self.kind}: {first}"


@dataclass(frozen=True, slots=True)
class Ran:
    """The program reached its end.

    reports: what it reported; model: facts of the model it left; legacy: warnings that it still speaks Keras 1;
    problems: weights that could not be carried over.
    """

    reports: dict[str, Any]
    model: dict[str, Any] | None
    legacy: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    weights: Path | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """The program, or the process in which it ran, ended with an error."""

    problem: Problem
    reports: dict[str, Any]
    legacy: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stopped:
    """The program did not end in its time; it was killed."""

    seconds: float


Outcome = Ran | Failed | Stopped


def from_answer(answer: dict[str, Any], seconds: float, weights: Path | None = None) -> Outcome:
    """The outcome that a worker's answer tells."""
    if answer["outcome"] == "timeout":
        return Stopped(seconds)
    legacy = tuple(answer.get("legacy", ()))
    if answer["outcome"] == "ok":
        left = weights if weights is not None and weights.exists() else None
        return Ran(answer["reports"], answer["model"], legacy, tuple(answer["problems"]), left)
    error = answer["error"]
    return Failed(Problem(error["type"], error["message"], error["line"]), answer.get("reports", {}), legacy)
