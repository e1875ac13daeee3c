"""How are the files of a run divided into tasks: of one project each, of files that lie together, small enough to balance?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kmigrate.config import Settings
from kmigrate.execution.tasks import Task
from kmigrate.reading import Read

LARGEST = 600_000
"""Characters of source in a task: an engine holds some 400 bytes for each of them (`python -m benchmarks.processes`)."""

SMALLEST = 100_000
"""Characters of source for which a task of its own is worth it: an engine parses again what the files import."""

TURNS = 4
"""So many tasks are made for each worker, so that no worker waits long for the last one of another."""


@dataclass(frozen=True, slots=True)
class Share:
    """A task, and the places that its files have in the run."""

    task: Task
    places: tuple[int, ...]

    @property
    def size(self) -> int:
        """Characters of source."""
        return sum(len(source.text) for _, source in self.task.files)


def shares(files: Sequence[Read], settings: Settings, workers: int) -> tuple[Share, ...]:
    """The tasks for the files that the engine has to see, in the order of their first files.

    Neighbours stay together, as they import the same modules.
    """
    total = sum(len(file.source.text) for file in files if file.source is not None)
    limit = LARGEST if workers == 1 else min(LARGEST, max(SMALLEST, total // (workers * TURNS)))
    return tuple(_grouped(files, settings, limit))


def _grouped(files: Sequence[Read], settings: Settings, limit: int) -> Iterator[Share]:
    group: list[int] = []
    size = 0
    for place, file in enumerate(files):
        if file.source is None:
            continue
        length = len(file.source.text)
        if group and (file.found.root != files[group[0]].found.root or size + length > limit):
            yield _share(files, group, settings)
            group, size = [], 0
        group.append(place)
        size += length
    if group:
        yield _share(files, group, settings)


def _share(files: Sequence[Read], group: Sequence[int], settings: Settings) -> Share:
    members = [files[place] for place in group]
    sources = tuple((file.found.shown, file.source) for file in members if file.source is not None)
    return Share(Task(members[0].found.root, settings, sources), tuple(group))
