"""How does an IDE that speaks rope take a result over: a change set that does and undoes exact bytes?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rope.base import change, taskhandle
from rope.base.exceptions import RopeError

if TYPE_CHECKING:
    from kmigrate.results import FileResult


def change_set(result: FileResult, project: Any) -> change.ChangeSet:
    """The change of one file for a `rope.base.project.Project`; empty when nothing changes.

    Raises ValueError when the result has no path, or the path lies outside of the project.
    """
    make_set: Any = change.ChangeSet
    changes: change.ChangeSet = make_set(f"Migrate {result.path or 'text'} to Keras 2")
    resource = _resource(result, project)
    if result.before != result.after:
        changes.changes.append(ChangeContents(resource, result))
    return changes


class ChangeContents(change.ChangeContents):
    """Rope's own change decodes and encodes in its way; this one carries the bytes.

    It keeps the name of its base, by which rope's history saves it, and the base's `old_contents` and `new_contents`,
    which editors show.
    """

    def __init__(self, resource: Any, result: FileResult) -> None:
        self.resource = resource
        self.old_contents = result.before
        self.new_contents = result.after
        self.old_bytes = result.source.encode(result.before) if result.source else b""
        self.new_bytes = result.to_bytes()

    def do(self, job_set: Any = taskhandle.DEFAULT_JOB_SET) -> None:
        """Write the new bytes; RopeError if the file no longer holds the old ones."""
        self._swap(self.old_bytes, self.new_bytes, job_set)

    def undo(self, job_set: Any = taskhandle.DEFAULT_JOB_SET) -> None:
        """Write the old bytes back; RopeError if the file no longer holds the new ones."""
        self._swap(self.new_bytes, self.old_bytes, job_set)

    def _swap(self, expected: bytes, new: bytes, job_set: Any) -> None:
        job_set.started_job(str(self))
        if self.resource.read_bytes() != expected:
            raise RopeError(f"{self.resource.path} changed since it was read; migrate it again")
        self._operations.write_file(self.resource, new)
        job_set.finished_job()


def _resource(result: FileResult, project: Any) -> Any:
    place = (result.source.path if result.source else None) or result.path
    if place is None:
        raise ValueError("the result has no path: a change set is about a file")
    root = Path(project.address).resolve()
    path = Path(place)
    absolute = path if path.is_absolute() or path.resolve().is_relative_to(root) else root / path
    try:
        return project.get_file(absolute.resolve().relative_to(root).as_posix())
    except ValueError:
        raise ValueError(f"{place} lies outside of the project {root}") from None
