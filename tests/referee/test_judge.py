"""Does the referee see what BEHAVIOUR differs between Kerases, and nothing else?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kmigrate.referee.judge import Breaks, Differs, NoOracle, Same, Verdict, oracle, verdict
from kmigrate.referee.migrated import migrated
from kmigrate.referee.outcome import Program
from kmigrate.referee.pool import Pool

NAMES = "from keras.models import *\nfrom keras.layers import *\n"
RECURRENT = NAMES + "x = R(2, 4, 3)\ni = Input(shape=(4, 3))\nmodel = Model(i, GRU(5)(i))\n"
VERSION = "2.3.1"

pytestmark = pytest.mark.keras


@pytest.fixture
def judged(needs: Callable[..., None], pool: Pool) -> Callable[[str, str], Verdict]:
    needs("1.2.2", VERSION)
    return lambda before, after: verdict(pool, VERSION, oracle(pool, Program(before, seconds=60)), after)


def test_weights_are_carried_over(judged: Callable[[str, str], Verdict]) -> None:
    assert judged(RECURRENT, migrated(RECURRENT, VERSION).after) == Same()


def test_a_tensor_called_y_is_no_target(judged: Callable[[str, str], Verdict]) -> None:
    text = RECURRENT.replace("model = Model(i, GRU(5)(i))", "y = GRU(5)(i)\nmodel = Model(i, y)")
    assert judged(text, migrated(text, VERSION).after) == Same()


def test_another_activation_is_seen(judged: Callable[[str, str], Verdict]) -> None:
    found = judged(RECURRENT, RECURRENT)
    assert isinstance(found, Differs)
    assert found.differences[0].place.startswith("forward")


def test_an_error_is_told_with_its_line(judged: Callable[[str, str], Verdict]) -> None:
    found = judged(NAMES + "report(a=1)", NAMES + "report(a=1)\nmerge([])")
    assert isinstance(found, Breaks)
    assert found.line == 4


def test_legacy_warnings_are_told(judged: Callable[[str, str], Verdict]) -> None:
    text = NAMES + "x = R(2, 3)\ni = Input(shape=(3,))\nmodel = Model(i, Dense(output_dim=2)(i))\n"
    found = judged(text, text)
    assert isinstance(found, Same)
    assert "Keras 2 API" in found.legacy[0]


def test_without_an_oracle_there_is_no_verdict(judged: Callable[[str, str], Verdict]) -> None:
    assert isinstance(judged("1 / 0", "pass"), NoOracle)
    assert isinstance(judged("pass", "pass"), NoOracle)


def test_start_weights_that_depend_on_chance_are_carried_over(judged: Callable[[str, str], Verdict]) -> None:
    text = f"{NAMES}m = Sequential([Dense(2, input_dim=3)])\nm.compile('sgd', 'mse')\nreport(o=m.predict(R(2, 3)))\n"
    assert judged(text, text) == Same()
    found = judged(text, text.replace("input_dim=3", "input_dim=3, activation='tanh'"))
    assert isinstance(found, Differs)
    assert found.chance
