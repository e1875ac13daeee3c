"""How does a file get its new bytes: all of them or none, and only if nobody else changed it meanwhile?"""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from kmigrate.errors import WriteRefused


def replace_bytes(path: Path, new: bytes, *, expected: bytes) -> None:
    """Put `new` in the place of `expected` in one step, with the mode and the owner that the file has.

    A link is followed to its file. Raises WriteRefused, and leaves the file as it was, when it is gone, is read-only,
    holds other bytes than `expected`, or its folder takes no new file.
    """
    try:
        target = path.resolve(strict=True)
        status = target.stat()
        if not status.st_mode & stat.S_IWUSR or not os.access(target, os.W_OK):
            raise _refused(path, "the file is read-only", "make it writable and run again")
        if target.read_bytes() != expected:
            raise _refused(path, "the file changed since it was read", "run again")
        _replace(target, new, status)
    except FileNotFoundError:
        raise _refused(path, "the file is gone", "run again") from None
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _refused(path, f"the file could not be written: {reason.lower()}", "it was left as it is") from error


def write_new(path: Path, data: bytes) -> None:
    """Write a file that nobody reads yet, and be sure that it is on the disk."""
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Be sure that the names in a folder are on the disk, where the system can tell."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _replace(target: Path, new: bytes, status: os.stat_result) -> None:
    handle, name = tempfile.mkstemp(prefix=".", suffix=".kmigrate", dir=target.parent)  # fits where the longest name fits
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(new)
            file.flush()
            os.fsync(file.fileno())
        with suppress(OSError, AttributeError):
            os.chown(temporary, status.st_uid, status.st_gid)
        temporary.chmod(stat.S_IMODE(status.st_mode))
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def _refused(path: Path, title: str, hint: str) -> WriteRefused:
    return WriteRefused(title, where=str(path), hint=hint)
