"""Does each hard shape of real code end right, or as a review that says why?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kmigrate.api import migrate_text
from kmigrate.config import Settings
from kmigrate.results import State
from kmigrate.ruleset.document import read_document

CASES: list[dict[str, Any]] = read_document(Path(__file__).parent / "cases.yaml").data["cases"]


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{case['number']}") for case in CASES])
def test_a_hard_case(case: dict[str, Any]) -> None:
    result = migrate_text(case["before"], settings=Settings(unsafe=case.get("unsafe", False)))

    assert result.failure is None
    assert result.after == case.get("after", case["before"])
    assert result.states[State.UNACCOUNTED] == 0
    reasons = [" ".join(f"{review.reason} {review.recipe or ''}".split()) for review in result.reviews]
    said = case.get("says", [])
    for phrase in [said] if isinstance(said, str) else said:
        assert any(phrase in reason for reason in reasons), reasons
    assert said or reasons == []
    assert case.get("tells", "") in " ".join(note.text for note in result.notes)
