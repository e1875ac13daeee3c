"""Does the referee see a rule that is wrong? Two arguments of it change places, and some program must differ or break."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from kmigrate.referee.generated import generated
from kmigrate.referee.judged import FAULTS, Judged, judge_all
from kmigrate.referee.pool import Pool

RULES = Path(__file__).parents[2] / "rules"
VERSION = "2.3.1"

pytestmark = pytest.mark.keras


@pytest.mark.parametrize(
    ("rule", "family", "one", "other"),
    [
        ("layers/dense", "Dense", "W_regularizer", "b_regularizer"),
        ("layers/convolution2d", "Convolution2D", "nb_row", "nb_col"),
        ("layers/batch-normalization", "BatchNormalization", "epsilon", "momentum"),
        ("layers/pooling1d", "MaxPooling1D", "pool_length", "stride"),
        ("recurrent/gru", "GRU", "activation", "inner_activation"),
    ],
)
def test_a_broken_rule_is_seen(
    rule: str, family: str, one: str, other: str, needs: Callable[..., None], pool: Pool, tmp_path: Path
) -> None:
    needs("1.2.2", VERSION)
    broken = tmp_path / "broken"
    broken.mkdir()
    data = yaml.safe_load((RULES / f"{rule}.yaml").read_text("utf-8"))
    (broken / "rule.yaml").write_text(yaml.safe_dump(_swapped(data, one, other)), "utf-8")
    programs = generated([family], 10, seed=0)
    assert _faults(judge_all(pool, programs, [VERSION])) == []
    assert _faults(judge_all(pool, programs, [VERSION], rules=(broken,)))


def _swapped(data: dict[str, Any], one: str, other: str) -> dict[str, Any]:
    """The rule as if `one` were `other`, wherever it says what becomes of arguments."""
    names = {one: other, other: one}
    arguments = data["rewrite"]["arguments"]
    swapped = {", ".join(names.get(name, name) for name in key.split(", ")): spec for key, spec in arguments.items()}
    assert swapped != arguments
    return data | {"rewrite": data["rewrite"] | {"arguments": swapped}, "targets": {}}


def _faults(judged: list[Judged]) -> list[str]:
    return [item.name for item in judged if item.ending in FAULTS]
