"""What is said of the time that a batch still takes."""

from pathlib import Path

import pytest

from kmigrate.batch.estimate import Estimate, in_words
from kmigrate.batch.repositories import Repository


def repository(folder: Path, size: int) -> Repository:
    folder.mkdir()
    (folder / "a.py").write_text("#" * size)
    return Repository(folder.name, folder)


def test_an_empty_repository_tells_nothing_of_the_rest(tmp_path: Path) -> None:
    estimate = Estimate([repository(tmp_path / "a", 0), repository(tmp_path / "b", 3000), repository(tmp_path / "c", 6000)])
    estimate.done("a")
    assert estimate.seconds is None
    estimate.done("b")
    assert estimate.seconds is not None and estimate.seconds < 60
    estimate.done("c")
    assert estimate.seconds == 0


@pytest.mark.parametrize(("seconds", "words"), [(0.1, "1 s"), (40, "40 s"), (180, "3 min"), (4800, "1 h 20 min")])
def test_times_are_told_in_words(seconds: float, words: str) -> None:
    assert in_words(seconds) == words
