"""How long may one file take? So that none of them, by a bug of ours, keeps all others waiting for ever."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SECONDS = 60.0
"""Of processor time for one file: a thousand times what most of them need; 100,000 lines that all change take 15."""

_AGAIN = 1.0
"""Seconds until the alarm comes once more, should it have come where Python drops what is raised, in a destructor."""


class OutOfTime(BaseException):
    """The time is over. No `Exception`, so that nobody on the way takes it for a mistake of the code under migration."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise OutOfTime in the block when the process has worked so long on it.

    Only the main thread of a process gets signals, Windows has no such timer, and a program that uses it itself keeps it: there
    the block may take as long as it wants.
    """
    if not _may_be_limited():
        yield
        return
    signal.signal(signal.SIGVTALRM, _over)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, _AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, signal.SIG_DFL)


def _may_be_limited() -> bool:
    return (
        hasattr(signal, "setitimer")
        and threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGVTALRM) in (signal.SIG_DFL, _over)  # ours, where an alarm came at the very end
        and signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)
    )


def _over(_number: int, _frame: FrameType | None) -> None:
    raise OutOfTime
