"""Whether a file speaks Keras 1 or Keras 2, judged by the calls that only one of them accepts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Dialect:
    """Evidence of one file: how many uses only Keras 1, and only Keras 2, would accept."""

    only_keras1: int = 0
    only_keras2: int = 0

    @property
    def keras2(self) -> bool:
        """Whether the file speaks Keras 2: calls that are legal in both are taken for Keras 2 then."""
        return self.only_keras2 > 0 and self.only_keras1 == 0
