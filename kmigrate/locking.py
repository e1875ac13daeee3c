"""How does one process keep others out of a folder, without leaving a lock behind when it is killed?"""

from __future__ import annotations

import os
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
