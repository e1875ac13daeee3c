"""Is every legal Keras 1 program migrated without harm: no exception, no failed file, stable, every comment kept?"""

from __future__ import annotations

import ast

from fidelity import ENGINES, assert_sound
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from keras1_programs import programs

from kmigrate.results import Outcome, State
from kmigrate.source.text import Source

PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
"""Without shrinking: a known failure must not cost minutes."""
SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


NEWLINES = st.sampled_from(("\n", "\r\n", "\r"))


def check(program: str, unsafe: bool, newline: str) -> None:
    text = program.replace("\n", newline)
    ast.parse(text)
    result = ENGINES[unsafe].migrate(Source("x.py", text))
    assert result.outcome is not Outcome.FAILED, result.failure
    assert_sound(result, unsafe=unsafe)
    assert not [use for use in result.uses if use.state is State.UNACCOUNTED]


@given(program=programs(comments=False, without=("decay",)), unsafe=st.booleans(), newline=NEWLINES)
@settings(max_examples=80, deadline=None, suppress_health_check=SLOW, phases=PHASES)
def test_a_legal_program_is_migrated_without_harm(program: str, unsafe: bool, newline: str) -> None:
    check(program, unsafe, newline)


@given(program=programs(), unsafe=st.booleans(), newline=NEWLINES)
@settings(max_examples=80, deadline=None, suppress_health_check=SLOW, phases=PHASES)
def test_a_program_with_comments_is_migrated_without_harm(program: str, unsafe: bool, newline: str) -> None:
    check(program, unsafe, newline)


@given(text=st.text(alphabet="()[]{}'\"#\\\n\t =,.:*@kerasDnfi漢1", max_size=60))
@settings(max_examples=60, deadline=None)
def test_no_text_raises(text: str) -> None:
    result = ENGINES[True].migrate(Source("x.py", "from keras.layers import Dense\n" + text))
    assert result.outcome is Outcome.FAILED or result.after
