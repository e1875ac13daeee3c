"""How does a file get its new bytes: all of them or none, and only if nobody else changed it meanwhile?"""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from kmigrate.errors import WriteRefused


def write(path: Path, new: bytes, *, expected: bytes | None) -> None:
    """Put `new` in the place of `expected`, or in a file that is not there yet (None); raises WriteRefused."""
    if expected is not None:
        replace_bytes(path, new, expected=expected)
        return
    try:
        write_new(path, new)
        sync_folder(path.parent)
    except FileExistsError:
        raise _refused(path, "a file of this name is there by now", "run again") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise _refused(path, f"the file could not be made: {reason}", "make the folder writable and run again") from error


def holds(path: Path, expected: bytes | None) -> bool:
    """Whether a file can be read and has the bytes that it was read with before."""
    try:
        return path.read_bytes() == expected
    except OSError:
        return False


def read_only(path: Path) -> bool:
    """Whether the file that is there is not to be written; raises OSError."""
    return not path.stat().st_mode & stat.S_IWUSR or not os.access(path, os.W_OK)


def remove(path: Path, *, expected: bytes) -> None:
    """Remove a file that holds `expected`; raises WriteRefused for other bytes, or where it can't go."""
    try:
        if path.read_bytes() != expected:
            raise _refused(path, "the file changed since it was read", "run again")
        path.unlink()
        sync_folder(path.parent)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise _refused(path, f"the file could not be removed: {reason}", "it was left as it is") from error


def replace_bytes(path: Path, new: bytes, *, expected: bytes) -> None:
    """Put `new` in the place of `expected` in one step, with the mode and the owner that the file has.

    A link is followed to its file. Raises WriteRefused, and leaves the file as it was, when it is gone, is read-only,
    holds other bytes than `expected`, or its folder takes no new file.
    """
    try:
        target = path.resolve(strict=True)
        status = target.stat()
        if read_only(target):
            raise _refused(path, "the file is read-only", "make it writable and run again")
        if target.read_bytes() != expected:
            raise _refused(path, "the file changed since it was read", "run again")
        _replace(target, new, status)
    except FileNotFoundError:
        raise _refused(path, "the file is gone", "run again") from None
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _refused(path, f"the file could not be written: {reason.lower()}", "it was left as it is") from error


def sweep(folder: Path) -> None:
    """Remove what writes that were killed left in the folder; nobody else may be writing there."""
    for left in folder.glob(f".????????{_PART}"):
        left.unlink(missing_ok=True)


def put_bytes(path: Path, data: bytes) -> None:
    """Put a file of kmigrate's own in place in one step, whatever was there, and be sure that it is on the disk."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


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


_PART = ".kmigrate"


def _replace(target: Path, new: bytes, status: os.stat_result) -> None:
    handle, name = tempfile.mkstemp(prefix=".", suffix=_PART, dir=target.parent)  # fits where the longest name does
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
