"""Where a report goes: whole, or not at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kmigrate.cli.output import stream
from kmigrate.errors import WriteRefused


def broken() -> Iterator[str]:
    """The disk is full after the first piece."""
    yield "half of it"
    raise OSError(28, "No space left on device")


def test_half_a_report_does_not_stay(tmp_path: Path) -> None:
    with pytest.raises(WriteRefused, match="no space left on device"):
        stream(broken(), tmp_path / "rollup.json")
    assert not (tmp_path / "rollup.json").exists()
    stream(iter(["whole"]), tmp_path / "rollup.json")
    assert (tmp_path / "rollup.json").read_text() == "whole"
