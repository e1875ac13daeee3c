"""Do programs with Merges by chance stay programs, and compute the same on Keras 2?"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from branch_texts import migrated
from merged_programs import program

from kmigrate.api import migrate_text
from kmigrate.referee.environments import environments, missing
from kmigrate.referee.judge import KERAS_1, Same, oracle, verdict
from kmigrate.referee.outcome import Program as Run
from kmigrate.referee.pool import Pool

VERSIONS = ("2.2.4", "2.15.0")


@pytest.mark.parametrize("seed", range(80))
def test_all_merges_of_a_model_go_or_none(seed: int) -> None:
    text = program(seed)
    result = migrated(text)

    ast.parse(result.after)
    assert migrate_text(result.after).after == result.after
    assert ("Merge(" in result.after) == any(review.rule == "KM304" for review in result.reviews)


def test_most_of_them_are_rewritten() -> None:
    assert sum("Merge(" not in migrated(program(seed)).after for seed in range(80)) > 50


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(jobs=1) as made:
        yield made


@pytest.mark.keras
@pytest.mark.parametrize("seed", range(12))
def test_what_is_computed(seed: int, pool: Pool) -> None:
    absent = missing((KERAS_1, *VERSIONS))
    if absent:
        pytest.skip(f"{environments()} has no Keras {', '.join(absent)}: `make environments`")
    text = program(seed)
    after = migrated(text).after
    if "Merge(" in after:
        pytest.skip("left to a person")
    truth = oracle(pool, Run(text, seconds=120.0))
    for version in VERSIONS:
        found = verdict(pool, version, truth, after)
        assert isinstance(found, Same), f"{version}: {found}\n{after}"
