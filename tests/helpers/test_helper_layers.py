"""Do helper layers compute on every Keras 2 what the layers of Keras 1 compute?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from helper_programs import Program, programs, runnable

from kmigrate.api import migrate_text
from kmigrate.config import Settings
from kmigrate.keras.signatures import KERAS_2
from kmigrate.referee.environments import environments, missing
from kmigrate.referee.judge import KERAS_1, Differs, Same, oracle, verdict
from kmigrate.referee.outcome import Program as Run
from kmigrate.referee.pool import Pool

each = pytest.mark.parametrize("program", [pytest.param(program, id=program.name) for program in programs()])


@each
def test_what_is_written(program: Program) -> None:
    result = program.migrated

    assert result.failure is None
    assert result.reviews == ()
    assert result.needed is not None
    assert result.needed.layers == set(program.layers)
    assert migrate_text(result.after, settings=Settings(emit_helpers=True)).after == result.after


@each
def test_without_the_option_it_stays_and_the_review_names_it(program: Program) -> None:
    result = migrate_text(program.text)

    assert result.needed is None
    assert all(layer not in result.after for layer in {"DropoutEmbedding", "SampleNormalization", "keras1_layers"})
    told = " ".join(review.recipe or "" for review in result.reviews)
    assert all(f"`--emit-helpers` writes a layer `{layer}`" in told for layer in program.layers)


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(jobs=1) as made:
        yield made


@pytest.mark.keras
@each
def test_what_is_computed(program: Program, pool: Pool) -> None:
    absent = missing((KERAS_1, *KERAS_2))
    if absent:
        pytest.skip(f"{environments()} has no Keras {', '.join(absent)}: `make environments`")
    truth = oracle(pool, Run(program.text))
    text = runnable(program.migrated)
    for version in KERAS_2:
        found = verdict(pool, version, truth, text)
        assert isinstance(found, Same), f"{version}: {_told(found)}\n{text}"


def _told(found: object) -> object:
    return [str(difference) for difference in found.differences] if isinstance(found, Differs) else found
