"""What did the last runs change, byte for byte, so that `kmigrate undo` can take it back?

A run is recorded before its first file is written: a kill at any moment leaves files that are either old or new, and
the record tells which is which by their hashes.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from kmigrate.errors import NothingToUndo, WriteRefused
from kmigrate.lookup import nearest
from kmigrate.places import state_home
from kmigrate.writing import remove, replace_bytes, sweep, sync_folder, write_new

KEPT = 20
"""So many runs are remembered."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A file that a run is about to write: its real path and both contents; `before` is None for a new file."""

    path: Path
    before: bytes | None
    after: bytes


@dataclass(frozen=True, slots=True)
class Undone:
    """What came of an undo: files restored, files that had not been written, files refused with the reason."""

    run: str
    restored: tuple[Path, ...]
    untouched: tuple[Path, ...]
    refused: tuple[WriteRefused, ...]


def record(files: Sequence[Planned], home: Path | None = None) -> str:
    """Remember the old bytes of all files under a new run id, on the disk when this returns; raises WriteRefused.

    home: a folder that remembers all of its runs; by default the user's, which remembers the last ones.
    """
    try:
        folder = _new_folder(home or _home())
        entries = []
        for number, file in enumerate(files):
            name = f"{number:05d}.before"
            before = None if file.before is None else _hash(file.before)
            if file.before is not None:
                write_new(folder / name, file.before)
            entries.append({"path": str(file.path), "copy": name, "before": before, "after": _hash(file.after)})
        write_new(folder / "run.part", json.dumps({"format": 1, "files": entries}, indent=1).encode("ascii"))
        (folder / "run.part").replace(folder / _RECORD)
        sync_folder(folder)
        sync_folder(folder.parent)
    except OSError as error:
        hint = "nothing was written; point XDG_STATE_HOME to a folder that can be written"
        raise WriteRefused(f"the run cannot be recorded for undo: {error}", hint=hint) from error
    if home is None:
        for old in sorted(_folders(_home()), reverse=True)[KEPT:]:
            shutil.rmtree(old, ignore_errors=True)
    return folder.name


def runs(home: Path | None = None) -> tuple[str, ...]:
    """The ids of the runs that can be undone, the last one first."""
    folders = sorted(_folders(home or _home()), reverse=True)
    return tuple(folder.name for folder in folders if (folder / _RECORD).is_file())


def last_below(folder: Path, home: Path | None = None) -> str | None:
    """The last run that wrote below the folder, or below the top of the git work tree around it; None where there is none."""
    real = Path(os.path.realpath(folder))
    top = nearest(real, ".git") or real
    return next((run for run in runs(home) if any(path.is_relative_to(top) for path in written(run, home))), None)


def written(run: str, home: Path | None = None) -> tuple[Path, ...]:
    """The real paths of the files that a run was about to write."""
    return tuple(Path(entry["path"]) for entry in _entries((home or _home()) / run))


def forget(run: str, home: Path | None = None) -> None:
    """A run that has written nothing is none: the one before it is the last one again."""
    shutil.rmtree((home or _home()) / run, ignore_errors=True)


def undo(run: str | None = None, home: Path | None = None) -> Undone:
    """Restore the files of a run, the last one by default; those that it added go.

    A file that changed since is refused; the record then stays, so that undo can be repeated. Raises NothingToUndo, and
    WriteRefused for a record that nobody can read.
    """
    place = home or _home()
    known = runs(place)
    if not known:
        raise NothingToUndo("no run is recorded", hint=f"runs are remembered in {place}")
    if run is not None and run not in known:
        raise NothingToUndo(f"no run `{run}` is recorded", hint=f"recorded runs: {', '.join(known)}")
    folder = place / (run or known[0])
    undone = _restore(folder)
    if not undone.refused:
        shutil.rmtree(folder, ignore_errors=True)
    return undone


def told(run: str) -> str:
    """That a run can be taken back, and by which command: wherever it is given, and whatever was run since."""
    return f"run {run} is recorded: `kmigrate undo {run}` takes it back"


_RECORD = "run.json"
_RUN = re.compile(r"\d{8}-\d{6}-\d{6}")


def _home() -> Path:
    return state_home() / "runs"


def _folders(home: Path) -> Iterable[Path]:
    return [folder for folder in home.iterdir() if _RUN.fullmatch(folder.name)] if home.is_dir() else []


def _new_folder(home: Path) -> Path:
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    while True:
        folder = home / datetime.now().strftime("%Y%m%d-%H%M%S-%f")
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            continue
        return folder


def _restore(folder: Path) -> Undone:
    restored, untouched, refused = [], [], []
    for entry in _entries(folder):
        path = Path(entry["path"])
        sweep(path.parent)
        try:
            if entry["before"] is None and not path.exists():
                untouched.append(path)
                continue
            now = path.read_bytes()
            if _hash(now) == entry["before"]:
                untouched.append(path)
                continue
            if _hash(now) != entry["after"]:
                raise WriteRefused("the file changed since the run", where=str(path), hint="it was left as it is")
            if entry["before"] is None:
                remove(path, expected=now)
            else:
                replace_bytes(path, (folder / entry["copy"]).read_bytes(), expected=now)
            restored.append(path)
        except WriteRefused as error:
            refused.append(error)
        except OSError as error:
            reason = f"the file cannot be read: {(error.strerror or str(error)).lower()}"
            refused.append(WriteRefused(reason, where=str(path)))
    return Undone(folder.name, tuple(restored), tuple(untouched), tuple(refused))


def _entries(folder: Path) -> list[dict[str, Any]]:
    path = folder / _RECORD
    try:
        entries: list[dict[str, Any]] = json.loads(path.read_bytes())["files"]
        return [{key: entry[key] for key in ("path", "copy", "before", "after")} for entry in entries]
    except (ValueError, LookupError, TypeError) as error:
        hint = "the files as they were lie beside it; remove the folder when you have what you need"
        raise WriteRefused("the record of the run is damaged", where=str(path), hint=hint) from error


def _hash(data: bytes) -> str:
    return sha256(data).hexdigest()
