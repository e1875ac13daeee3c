"""What of a batch is done already, so that it goes on where it was interrupted, whatever interrupted it?

Each repository that is done has one file; it appears in one step. While a repository is written to, a mark tells which
record of the journal takes its files back.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from kmigrate.batch.records import RepositoryRecord
from kmigrate.batch.repositories import Repository
from kmigrate.errors import InvalidSetting, WriteRefused
from kmigrate.locking import Lock
from kmigrate.places import state_home
from kmigrate.writing import put_bytes

FORMAT = 1

_NOTE = "batch.json"
_LOCK = "lock"


@dataclass(frozen=True, slots=True)
class Mark:
    """A repository is being written to.

    run: the record of the journal, once there is one. head: the commit it stood at, for one that gets a commit.
    """

    run: str | None = None
    head: str | None = None
    record: RepositoryRecord | None = None


class State:
    """The folder of one batch. One process at a time works in it; close it in the end.

    options: what the batch was asked to do; an unfinished batch in which something is done can only go on with the same.
    fresh: forget an unfinished one. Raises InvalidSetting, also for a folder that holds something else.
    """

    def __init__(self, folder: Path, options: Mapping[str, Any], *, fresh: bool = False) -> None:
        folder = folder.absolute()
        self.folder = folder
        self.journal = folder / "undo"
        self.clones = folder / "clones"
        self.committing = folder / "committing"
        with _room():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _check(folder)
        self._lock = Lock(folder / _LOCK, f"another batch is at work in {folder}")
        self._done = folder / "repositories"
        self._marks = folder / "writing"
        known = None if fresh else self._known()
        begun = any(True for folder in (self._done, self._marks) for _ in _entries(folder))
        self.resumed = known is not None and not known["complete"] and begun
        if self.resumed and known is not None and known["options"] != dict(options):
            self.close()
            changed = sorted(key for key in {*options, *known["options"]} if options.get(key) != known["options"].get(key))
            raise InvalidSetting(
                f"an unfinished batch in {folder} has other options: {', '.join(changed)}",
                hint="repeat them, or start over with --fresh",
            )
        self._options = dict(options)
        if not self.resumed:
            self._forget()
            self._note(complete=False)
        with _room():
            self._done.mkdir(exist_ok=True)
            self._marks.mkdir(exist_ok=True)

    def close(self) -> None:
        """Let others work in the folder."""
        self._lock.release()

    def complete(self) -> None:
        """All repositories are done: the next batch with this folder starts over."""
        self._note(complete=True)

    def forget(self) -> None:
        """Nothing is done any more."""
        self._forget()
        self._note(complete=True)

    def save(self, record: RepositoryRecord) -> None:
        """A repository is done."""
        _keep(self._done / _file_name(record.name), _RECORD.dump_python(record, mode="json"))
        (self._marks / _file_name(record.name)).unlink(missing_ok=True)

    def record(self, name: str) -> RepositoryRecord | None:
        """What became of a repository; None if it is not done. A record that nobody can read counts as none."""
        try:
            found = _RECORD.validate_python(json.loads((self._done / _file_name(name)).read_bytes()))
        except (FileNotFoundError, ValueError):
            return None
        return found if found.name == name else None

    def known(self, repository: Repository) -> RepositoryRecord | None:
        """What became of this repository; None if it is not done, also where another one had its name before."""
        found = self.record(repository.name)
        return found if found is not None and found.place == str(self.folder_of(repository)) else None

    def folder_of(self, repository: Repository) -> Path:
        """Where a repository lies; the clone of each URL has a folder of its own."""
        if repository.path is not None:
            return repository.path
        return self.clones / _digest(repository.url or "") / repository.name

    def records(self, names: Iterable[str]) -> Iterator[RepositoryRecord]:
        """The records of these repositories, one after the other."""
        return (record for record in map(self.record, names) if record is not None)

    def mark(self, name: str, mark: Mark) -> None:
        """A repository is being written to."""
        _keep(self._marks / _file_name(name), _MARK.dump_python(mark, mode="json"))

    def marks(self) -> Iterator[Mark]:
        """The marks that an interruption left; one that nobody can read counts as none."""
        for path in _entries(self._marks):
            with suppress(ValueError):
                yield _MARK.validate_python(json.loads(path.read_bytes()))

    def marked(self, name: str) -> Mark | None:
        """The mark that an interruption left on a repository; raises WriteRefused for one that nobody can read."""
        path = self._marks / _file_name(name)
        try:
            return _MARK.validate_python(json.loads(path.read_bytes()))
        except FileNotFoundError:
            return None
        except ValueError as error:
            hint = "see whether files of it are written: `--undo` takes them back; then run again"
            raise WriteRefused("the note of what was being written is damaged", where=str(path), hint=hint) from error

    def _known(self) -> dict[str, Any] | None:
        path = self.folder / _NOTE
        try:
            known: Any = json.loads(path.read_bytes())
        except FileNotFoundError:
            return None
        except ValueError:
            known = None
        match known:
            case {"format": format_} if format_ != FORMAT:
                self.close()
                raise InvalidSetting(f"{self.folder} holds no batch that this version can read", hint="name another folder")
            case {"complete": bool(), "options": dict()}:
                return dict(known)
            case _:
                self.close()
                raise InvalidSetting("the note of the batch is damaged", where=str(path), hint="start over with --fresh")

    def _note(self, *, complete: bool) -> None:
        data = {"format": FORMAT, "complete": complete, "options": self._options}
        _keep(self.folder / _NOTE, data)

    def _forget(self) -> None:
        """Records go in one step, so that none of them is taken for one of the new batch."""
        folders = [(folder, folder.with_name(f"{folder.name}.old")) for folder in (self._done, self._marks)]
        for folder in chain.from_iterable(folders):
            self._check_own(folder)
        for folder, old in folders:
            if folder.exists():
                shutil.rmtree(old, ignore_errors=True)
                folder.rename(old)
                shutil.rmtree(old, ignore_errors=True)

    def _check_own(self, folder: Path) -> None:
        """Refuse to remove what no state made: the note may lie beside the folder by chance."""
        foreign = next((path for path in _entries(folder) if not _OWN.fullmatch(path.name)), None)
        if foreign is not None:
            self.close()
            raise InvalidSetting(f"`{foreign}` is not of kmigrate", hint="name another folder with --state")


def place(options: Mapping[str, Any]) -> Path:
    """Where the state of a batch with these options is kept by default: the same command finds it again."""
    key = hashlib.sha256(json.dumps(options, sort_keys=True).encode("ascii")).hexdigest()[:16]
    return _batches() / key


def journals() -> Iterator[Path]:
    """The folders with the recorded runs of all batches whose state is kept where it is by default."""
    return _batches().glob("*/undo")


def _batches() -> Path:
    return state_home() / "batch"


def _check(folder: Path) -> None:
    """Refuse a folder in which no batch was; one that was killed at its start may have left a lock and a part of a note."""
    if (folder / _NOTE).is_file():
        return
    if any(path.name != _LOCK and not path.name.startswith(f".{_NOTE}.") for path in _entries(folder)):
        raise InvalidSetting(f"--state: `{folder}` is not empty and holds no batch", hint="name a new folder")


def _entries(folder: Path) -> Iterator[Path]:
    return folder.iterdir() if folder.is_dir() else iter(())


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise WriteRefused(
            f"the batch cannot note what is done: {reason}", where=error.filename,
            hint="make room, or name another folder with --state; what is noted stays done",
        ) from error  # fmt: skip


def _keep(path: Path, data: Any) -> None:
    """In ASCII: names of files may hold bytes that are no text."""
    with _room():
        put_bytes(path, json.dumps(data, indent=1).encode("ascii"))


def _file_name(name: str) -> str:
    slug = re.sub(r"[^\w.-]+", "+", name)[:80]
    return f"{slug}.{_digest(name)}.json"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:12]


_OWN = re.compile(r"\.?[\w.+-]+\.[0-9a-f]{12}\.json(\.\w+)?")
"""The names that `_file_name` gives, and those of files that `put_bytes` had not finished."""


_RECORD = TypeAdapter(RepositoryRecord)
_MARK = TypeAdapter(Mark)
