"""Are files of known cases read as they are meant?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kmigrate.referee.known import HEADER, InvalidCases, read_cases

CASE = {
    "id": "dense/one", "topic": "layers", "src_k1": "m.fit(x, **{E: 3})",
    "src_k2": {"2.0.9": "two", "default": "other"},
    "src_fix": {"default": None, "2.15.0": "new"}, "k1": "ok", "k2": {"2.0.9": "error: x"}, "fix": {"2.15.0": "same"},
}  # fmt: skip


def written(path: Path, *lines: str) -> Path:
    place = path / "cases.json"
    place.write_text("\n".join(["[", *lines, "]"]), encoding="utf-8")
    return place


def test_a_case(tmp_path: Path) -> None:
    (case,) = read_cases(written(tmp_path, json.dumps(CASE) + ","))
    assert case.program == HEADER + "m.fit(x, nb_epoch=3)"
    assert case.text("k2", "2.0.9") == HEADER + "two"
    assert case.text("k2", "2.2.4") == HEADER + "other"
    assert case.text("fix", "2.2.4") is None
    assert case.known_way("2.15.0")
    assert not case.known_way("2.0.9")


def test_prefixes(tmp_path: Path) -> None:
    path = written(tmp_path, json.dumps(CASE) + ",", json.dumps(CASE | {"id": "other/one"}))
    assert [case.id for case in read_cases(path, ["other"])] == ["other/one"]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InvalidCases, match="can't be read"):
        read_cases(tmp_path / "none.json")


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidCases) as caught:
        read_cases(written(tmp_path, '{"id": 1}'))
    assert caught.value.where is not None
    assert caught.value.where.endswith("cases.json:2")
