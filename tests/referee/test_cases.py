"""Does what generated and known programs once found stay mended, on every Keras?"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kmigrate.keras.signatures import KERAS_2
from kmigrate.referee.ended import told
from kmigrate.referee.judged import FAULTS, Ending, Judged, judge_all
from kmigrate.referee.known import read_cases
from kmigrate.referee.pool import Pool

CASES = Path(__file__).with_name("cases.json")


@pytest.mark.keras
def test_cases(needs: Callable[..., None], pool: Pool) -> None:
    needs("1.2.2", *KERAS_2)
    lines = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]
    ends = {line["id"]: line.get("ends", {}) for line in lines}
    programs = [(case.id, case.program) for case in read_cases(CASES)]
    judged = judge_all(pool, programs, KERAS_2)
    assert len(judged) == len(lines) * len(KERAS_2)
    assert [_shown(item) for item in judged if not _right(item, ends[item.name])] == []


def _right(item: Judged, ends: dict[str, str]) -> bool:
    """`ends` names the ending by version, or for all by `*`; without one, nothing but a fault is wrong."""
    wanted = ends.get(item.version, ends.get("*"))
    if wanted is None:
        return item.ending not in (*FAULTS, Ending.REFUSED)
    return item.ending.value == wanted


def _shown(item: Judged) -> str:
    return f"{item.name} on {item.version}: {item.ending.value}: {told(item.verdict) if item.verdict else ''}"
