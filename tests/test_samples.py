"""Do the samples come out as the results that were checked on real Kerases?"""

from __future__ import annotations

from pathlib import Path

import pytest

from kmigrate.config import Settings
from kmigrate.engine import Engine
from kmigrate.results import Outcome, State
from kmigrate.source.text import Source

SAMPLES = Path(__file__).parents[1] / "samples"
EXPECTED = Path(__file__).parent / "samples"
FILES = sorted(path.relative_to(SAMPLES) for path in SAMPLES.rglob("*.py"))


def test_every_sample_has_its_expected_result() -> None:
    assert sorted(path.relative_to(EXPECTED) for path in EXPECTED.rglob("*.py")) == FILES
    assert len(FILES) >= 15


@pytest.mark.parametrize("path", FILES, ids=str)
def test_sample(path: Path) -> None:
    engine = Engine(SAMPLES / path.parts[0], Settings())
    result = engine.migrate(Source.from_bytes((SAMPLES / path).read_bytes(), str(SAMPLES / path)))

    assert result.failure is None
    assert result.to_bytes() == (EXPECTED / path).read_bytes()
    assert result.reviews == ()
    assert result.states[State.UNACCOUNTED] == 0


@pytest.mark.parametrize("path", FILES, ids=str)
def test_expected_result_is_left_alone(path: Path) -> None:
    engine = Engine(EXPECTED / path.parts[0], Settings())
    result = engine.migrate(Source.from_bytes((EXPECTED / path).read_bytes(), str(EXPECTED / path)))

    assert result.outcome in (Outcome.CLEAN, Outcome.NOT_KERAS)
    assert result.reviews == ()
