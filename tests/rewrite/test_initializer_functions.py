"""Which functions of the user become initializers of Keras 2, and which are left to a person?"""

from __future__ import annotations

import pytest

from kmigrate import migrate_text

HEAD = "from keras import initializations\nfrom keras.layers import Dense, LSTM, Embedding\n\n"
FUNCTION = "def start(shape, name=None):\n    return initializations.normal(shape, scale=0.1, name=name)\n\n"


@pytest.mark.parametrize(
    ("body", "after"),
    [
        (
            "def start(shape, name, dim_ordering='th'):\n    return initializations.one(shape, name=name)\n\n"
            "Dense(3, init=start)\n",
            "def start(shape, dtype=None):\n    return initializers.Ones()(shape, dtype=dtype)\n\n"
            "Dense(3, kernel_initializer=start)\n",
        ),
        (
            "start = lambda shape, name: initializations.zero(shape)\nEmbedding(3, 4, init=start)\n",
            "start = initializers.Zeros()\nEmbedding(3, 4, embeddings_initializer=start)\n",
        ),
        (
            "def start(shape):\n    return initializations.normal(shape, 0.1 * len(shape))\n\nDense(3, init=start)\n",
            "def start(shape, dtype=None):\n    return initializers.RandomNormal(stddev=0.1 * len(shape))(shape, dtype=dtype)\n\n"
            "Dense(3, kernel_initializer=start)\n",
        ),
    ],
)  # fmt: skip
def test_a_function_that_only_forwards_is_called_by_keras_2(body: str, after: str) -> None:
    result = migrate_text(HEAD + body)
    assert result.after.endswith(after)
    assert not result.reviews


@pytest.mark.parametrize(
    "body",
    [
        FUNCTION + "Dense(3, init=start)\nstart((3, 4))\n",
        FUNCTION + "Dense(3, init=start)\nkeep = [start]\n",
        FUNCTION + "def block(init):\n    return Dense(3, init=init)\n\nblock(init=start)\n",
        FUNCTION.replace("return ", "kept = ").replace(")\n\n", ")\n    return kept\n\n") + "Dense(3, init=start)\n",
        FUNCTION.replace("(shape, scale", "(shape[::-1], scale") + "Dense(3, init=start)\n",
        FUNCTION.replace("0.1", "float(name[-1])") + "Dense(3, init=start)\n",
        FUNCTION.replace("def start(shape, name", "def start(shape, *rest, name") + "Dense(3, init=start)\n",
        FUNCTION.replace("shape, name=None", "shape=None, name=None") + "Dense(3, init=start)\n",
        FUNCTION.replace("normal(shape, scale=0.1", "glorot_normal(shape") + "Dense(3, init=start)\n",
        "Dense(3, init=lambda shape, name: initializations.normal(shape, len(shape), name=name))\n",
        "LSTM(3, init=lambda shape, name: initializations.normal(shape, 0.1, name=name))\n",
    ],
)
def test_what_is_not_proven_is_left_to_a_person(body: str) -> None:
    """Called elsewhere, passed on, changed on the way, other parameters, fans that depend on the order of a kernel."""
    result = migrate_text(HEAD + body)
    assert "RandomNormal" not in result.after
    assert result.reviews


@pytest.mark.parametrize("default", ["(None)", "((None) )", "(\n    None\n)", "None,"])
def test_a_default_may_stand_in_parentheses(default: str) -> None:
    result = migrate_text(HEAD + FUNCTION.replace("=None", f"={default}") + "Dense(3, init=start)\n")
    comma = "," if default.endswith(",") else ""
    assert f"def start(shape, dtype=None{comma}):\n" in result.after


def test_a_class_that_nobody_knows_still_gets_a_variable() -> None:
    result = migrate_text(HEAD + FUNCTION + "from layers import Own\n\nOwn(3, init=start)\n")
    assert "def start(shape, name=None):\n    return K.variable(initializers.RandomNormal(stddev=0.1)(" in result.after


def test_a_function_may_start_every_gate() -> None:
    result = migrate_text(HEAD + FUNCTION + "LSTM(3, init=start, input_shape=(4, 3))\n")
    assert "kernel_initializer=start" in result.after
    assert "recurrent_initializer=start" in result.after
    assert not result.reviews
