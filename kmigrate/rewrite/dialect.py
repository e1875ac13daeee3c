"""Whether a file speaks Keras 1 or Keras 2: asked where a call is legal in both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

Verdict: TypeAlias = Literal["keras1", "keras2", "as the project"]
"""Keras 1 also where nothing tells; "as the project": nothing in the file tells, and the rest of its project speaks Keras 2."""


@dataclass(slots=True)
class Dialect:
    """The judgement on one file, made when it is first asked for."""

    judge: Callable[[], Verdict] = lambda: "keras1"
    verdict: Verdict | None = None

    @property
    def keras2(self) -> bool:
        """Whether the file speaks Keras 2: calls that are legal in both are taken for Keras 2 then."""
        if self.verdict is None:
            self.verdict = self.judge()
        return self.verdict != "keras1"
