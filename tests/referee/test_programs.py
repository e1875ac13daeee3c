"""Are the generated programs what they claim to be: of every class, the same for a seed, and Python?"""

from __future__ import annotations

import ast

import pytest

from kmigrate.keras.signatures import KERAS_1, knowledge
from kmigrate.referee.programs.calls import parameters
from kmigrate.referee.programs.draw import programs
from kmigrate.referee.programs.families import FAMILIES
from kmigrate.referee.programs.layers import ABSTRACT, ELSEWHERE, LAYERS


def test_every_layer_class_has_its_programs() -> None:
    known = knowledge(KERAS_1)
    classes = {
        found.path.removeprefix("keras.layers.")
        for name in known.public_names("keras.layers")
        if (found := known.get(f"keras.layers.{name}")) is not None
        and found.kind == "class" and found.path.startswith("keras.layers.")
    }  # fmt: skip
    assert classes == {*LAYERS, *ABSTRACT, *ELSEWHERE}


def test_a_seed_stands_for_the_same_programs() -> None:
    first = programs("Dense", 8, seed=3)
    assert first == programs("Dense", 8, seed=3)
    assert len({program.core for program in first}) == 8
    assert first != programs("Dense", 8, seed=4)


@pytest.mark.parametrize("family", FAMILIES)
def test_programs_are_python_of_their_family(family: str) -> None:
    for program in programs(family, 4, seed=0):
        assert program.family == family
        assert ast.parse(program.text)
        assert "<keras" not in program.text


def test_arguments_are_written_in_every_way() -> None:
    calls = [
        node
        for program in programs("Convolution2D", 60, seed=0)
        for node in ast.walk(ast.parse(program.text))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Convolution2D")
    ]
    longest = max(len(call.args) for call in calls)
    assert longest > 6
    assert any(not call.args for call in calls)
    assert any(call.args and call.keywords for call in calls)
    names = {keyword.arg for call in calls for keyword in call.keywords}
    required = {"nb_filter", "nb_row", "nb_col", "weights"}  # weights come with Dense and Embedding
    given = {parameter.name for parameter in parameters("keras.layers.Convolution2D")}
    assert given - required <= names | {parameter.name for parameter in parameters("keras.layers.Convolution2D")[:longest]}
