"""How does one process keep others out of a folder, and how does it see that what a killed one began is still at work,
without locks that are left behind?"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kmigrate.errors import InvalidSetting

try:
    import fcntl
except ImportError:  # a system without it has no such lock; the user is trusted
    fcntl = None  # type: ignore[assignment]  # a module, or none


class Lock:
    """A lock file, held from here until release(), not by forks of this process; it goes when the process ends, however it
    ends.

    Raises InvalidSetting with `taken` when another process holds it.
    """

    def __init__(self, path: Path, taken: str) -> None:
        self._handle: int | None = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        if fcntl is None:
            return
        try:
            fcntl.lockf(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self.release()
            raise InvalidSetting(taken, hint="wait for it, or name another folder with --state") from error

    def release(self) -> None:
        """Let others in."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


@contextmanager
def handed_on(path: Path) -> Iterator[tuple[int, ...]]:
    """The descriptors to begin a process with that is to hold this lock file too: it is held until all of them have ended,
    and whatever they began in turn. None where the system has no such lock."""
    if fcntl is None:
        yield ()
        return
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with suppress(OSError):  # a file system without such locks; the user is trusted
            fcntl.flock(handle, fcntl.LOCK_SH)
        yield (handle,)
    finally:
        os.close(handle)


def is_held(path: Path) -> bool:
    """Whether a process lives that this lock file was handed on to."""
    if fcntl is None or not path.exists():
        return False
    with path.open("r+b") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
    return False
