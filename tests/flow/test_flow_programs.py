"""Do programs that compute with tensors outside of layers compute the same after the migration?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flow_programs import Program, programs

from kmigrate.api import migrate_text
from kmigrate.referee.environments import environments, missing
from kmigrate.referee.judge import KERAS_1, LOOSE, TOLERANCE, Differs, Oracle, Same, oracle, verdict
from kmigrate.referee.outcome import Program as Run
from kmigrate.referee.pool import Pool

SECONDS = 120.0
each = pytest.mark.parametrize("program", [pytest.param(program, id=program.name) for program in programs()])


@each
def test_what_is_written(program: Program) -> None:
    result = migrate_text(program.text)
    assert result.failure is None

    for line in program.lines:
        assert line in result.after
    assert not [word for word in program.gone if word in result.after]
    if program.unchanged:
        assert not [change for change in result.changes if change.name == "operation on tensors"]
    assert tuple(review.rule for review in result.reviews) == program.reviews
    assert migrate_text(result.after).after == result.after


def test_a_file_that_speaks_keras_2_is_left_alone() -> None:
    text = (
        "from keras.layers import Conv2D, Dense, Input\n"
        "a = Input(shape=(4, 4, 3))\n"
        "b = Conv2D(3, (1, 1), padding='same', kernel_initializer='zeros')(a)\n"
        "y = Dense(units=2)(a + b * 2)\n"
    )
    assert migrate_text(text).changes == ()


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(jobs=1) as made:
        yield made


@pytest.fixture(scope="module")
def oracles() -> dict[str, Oracle]:
    return {}


@pytest.mark.keras
@each
def test_what_is_computed(program: Program, pool: Pool) -> None:
    absent = missing((KERAS_1, *program.versions))
    if absent:
        pytest.skip(f"{environments()} has no Keras {', '.join(absent)}: `make environments`")
    truth = oracle(pool, Run(program.text, seconds=SECONDS))
    after = migrate_text(program.text).after
    tolerance = LOOSE if program.loose else TOLERANCE
    for version in program.versions:
        found = verdict(pool, version, truth, after, tolerance)
        assert isinstance(found, Same), f"{version}: {_told(found)}\n{after}"


def _told(found: object) -> object:
    return [str(difference) for difference in found.differences] if isinstance(found, Differs) else found


