"""What is kept: whole or not there, not too much, and every field of a result."""

import os
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest

from kmigrate.cache import plain
from kmigrate.cache.store import Store
from kmigrate.config import Settings
from kmigrate.engine import Engine
from kmigrate.results import FileResult, Outcome
from kmigrate.runner import run
from kmigrate.source.text import Source

SAMPLES = Path(__file__).parents[2] / "samples"
NOT_KEPT = {"path", "before", "source", "failure"}
"""Fields that the file has, or that no kept result has."""


MORE = """from keras.layers import MaxoutDense

layer = MaxoutDense(3)
layer = MaxoutDense(4)  # kmigrate: ignore[KM100]
"""
"""What the samples lack: reviews, and an ignore comment that nothing needs."""


def results() -> list[FileResult]:
    """Those of all samples and of one file more."""
    helped = Engine(None, Settings(emit_helpers=True)).migrate(Source("more.py", MORE))
    return [*run([SAMPLES], Settings()), Engine(None, Settings()).migrate(Source("more.py", MORE)), helped]


def test_a_result_comes_back_as_it_was() -> None:
    found = [result for result in results() if result.source is not None and result.outcome is not Outcome.FAILED]
    for field in fields(FileResult):
        if field.name not in NOT_KEPT:
            assert any(getattr(result, field.name) for result in found), f"no file here has {field.name}"
    for result in found:
        assert result.source is not None and result.path is not None
        assert plain.result(plain.plain(result), result.source, result.path) == result


def test_what_was_kept_is_there(tmp_path: Path) -> None:
    store = Store(tmp_path / "new")
    assert store.load("one") is None
    assert store.size() == (0, 0)
    store.save("one", {"text": "\udc80 é"})
    assert store.load("one") == {"text": "\udc80 é"}
    assert store.clear()[0] == 1
    assert store.load("one") is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data + b" ",
        lambda data: data.replace(b"text", b"tent"),
        lambda data: b"x" + data[1:],
        lambda data: bytes(len(data)),
    ],
)
def test_what_is_broken_counts_as_not_there(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    store = Store(tmp_path)
    store.save("one", {"text": "kept"})
    (path,) = tmp_path.iterdir()
    path.write_bytes(damage(path.read_bytes()))
    assert store.load("one") is None
    store.save("one", {"text": "again"})
    assert store.load("one") == {"text": "again"}


def test_what_was_not_used_for_long_goes_first(tmp_path: Path) -> None:
    store = Store(tmp_path, limit=2700)
    for age, name in enumerate(("old", "unused", "new")):
        store.save(name, {"text": "x" * 700})
        os.utime(tmp_path / f"{name}.results", (age + 1, age + 1))
    os.utime(tmp_path / "new.results", (10, 10))
    assert store.load("old") is not None
    store.save("last", {"text": "x" * 700})
    assert [name for name in ("old", "unused", "new", "last") if store.load(name) is not None] == ["old", "new", "last"]


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = Store(tmp_path / "file" / "kept")
    store.save("one", {})
    assert store.load("one") is None
    assert store.size() == (0, 0)
