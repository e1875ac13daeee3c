"""The division of a run into tasks: every file once, projects apart, tasks small enough for all workers."""

from pathlib import Path

import pytest

from kmigrate.config import Settings
from kmigrate.execution import shares as shares_module
from kmigrate.execution.shares import shares
from kmigrate.reading import Read
from kmigrate.source.discovery import Found
from kmigrate.source.text import Source


def file(name: str, size: int | None, root: str = "/project") -> Read:
    path = Path(root) / name
    source = Source(str(path), "#" * size) if size is not None else None
    return Read(Found(path, name, Path(root)), source)


def test_every_source_is_in_one_task_in_the_order_of_the_run() -> None:
    files = [file(f"{number:03}.py", None if number % 3 == 0 else 40_000) for number in range(40)]
    parts = shares(files, Settings(), 2)
    assert [place for part in parts for place in part.places] == [place for place in range(40) if place % 3]
    assert [name for part in parts for name, _ in part.task.files] == [f"{place:03}.py" for place in range(40) if place % 3]
    assert len(parts) >= 4


def test_projects_do_not_share_a_task() -> None:
    files = [file("a.py", 10, "/one"), file("b.py", 10, "/one"), file("a.py", 10, "/two")]
    parts = shares(files, Settings(), 1)
    assert [(part.task.root, part.places) for part in parts] == [(Path("/one"), (0, 1)), (Path("/two"), (2,))]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_task_is_no_larger_than_memory_allows(monkeypatch: pytest.MonkeyPatch, workers: int) -> None:
    monkeypatch.setattr(shares_module, "LARGEST", 100)
    files = [file(f"{number:03}.py", size) for number, size in enumerate([60, 60, 30, 300, 10])]
    assert [part.places for part in shares(files, Settings(), workers)] == [(0,), (1, 2), (3,), (4,)]


def test_a_small_run_is_one_task() -> None:
    files = [file(f"{number}.py", 1000) for number in range(10)]
    assert len(shares(files, Settings(), 2)) == 1


def test_nothing_to_do_is_no_task() -> None:
    assert shares([file("a.py", None)], Settings(), 2) == ()
