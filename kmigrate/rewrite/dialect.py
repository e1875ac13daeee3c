"""Whether a file speaks Keras 1 or Keras 2, judged by the calls that only one of them accepts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class Dialect:
    """The judgement on one file, made when it is first asked for.

    `judge` counts the uses that only Keras 1, and only Keras 2, would accept.
    """

    judge: Callable[[], tuple[int, int]] = lambda: (0, 0)
    _judged: tuple[int, int] | None = None

    @classmethod
    def of_keras2(cls) -> Dialect:
        """That of a file that is known to speak Keras 2."""
        return cls(_judged=(0, 1))

    @property
    def keras2(self) -> bool:
        """Whether the file speaks Keras 2: calls that are legal in both are taken for Keras 2 then."""
        if self._judged is None:
            self._judged = self.judge()
        only_keras1, only_keras2 = self._judged
        return only_keras2 > 0 and only_keras1 == 0

    @property
    def told_keras2(self) -> bool:
        """Whether somebody asked, and heard that it speaks Keras 2."""
        return self._judged is not None and self.keras2
