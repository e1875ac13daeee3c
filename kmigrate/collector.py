"""What does Python's cycle collector do while files are migrated? Nothing: trees go by themselves when an engine does."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

FULL = 1_000_000
"""So many objects are left behind at most before all of them are looked at: some 150 MB, if none is used any more."""

_BORN_FROZEN = 1_000
"""More than Python freezes by itself when it starts: 375 objects in 3.12, none in the others."""


@contextmanager
def collector_off() -> Iterator[None]:
    """Keep the collector off, if it is on, and spare it afterwards what was made meanwhile.

    Turned on again, it would at once look at all that is young, and soon once more: half of the time of a run. So that goes to
    the oldest generation unseen, where a full collection finds what is garbage by then. As none may ever be due in a program
    that does nothing else, one is made when FULL objects wait for it and are still there.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        _waiting.grow()
        gc.enable()


class _Waiting:
    """The objects that no collection has seen, as far as this module left them behind."""

    def __init__(self) -> None:
        self._number = 0
        self._blocks = 0

    def grow(self) -> None:
        """Leave what is young to the next full collection, or make one."""
        if gc.get_freeze_count() > _BORN_FROZEN:  # somebody wants them to stay so
            return
        self._number += gc.get_count()[0]
        if self._number > FULL:
            self._number = 0
            if self._pile_up():
                gc.collect()
                self._blocks = sys.getallocatedblocks()
                return
        gc.freeze()
        gc.unfreeze()

    def _pile_up(self) -> bool:
        """Whether as many are still there: most of what was left behind goes by itself when an engine does."""
        blocks = sys.getallocatedblocks()
        if blocks > self._blocks + FULL or blocks == 0:  # 0: nobody counts them
            return True
        self._blocks = min(blocks, self._blocks)
        return False


_waiting = _Waiting()
