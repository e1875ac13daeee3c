"""Is it told where a layer is given what an operation in another file made?"""

from __future__ import annotations

from pathlib import Path

import pytest

from kmigrate.api import scan

PARTS = """\
from keras.layers import Dense, Input


def tower(width):
    x = Input(shape=(width,))
    return x, Dense(3)(x)


def doubled(width):
    x = Input(shape=(width,))
    h = Dense(3)(x)
    return x, h * 2.


def scaled(t, factor):
    return t * factor


def count(n):
    return n + 1


def deeper(width):
    return doubled(width)
"""
MAIN = """\
from keras import backend as K
from keras.layers import Dense, Lambda
import parts
from parts import doubled, scaled, tower

"""


@pytest.mark.parametrize(
    ("program", "place"),
    [
        ("x, h = parts.doubled(4)\ny = Dense(2)(h)\n", "parts.py:12"),
        ("x, h = doubled(4)\ny = Dense(2)(x)\n", None),
        ("x, h = tower(4)\ny = Dense(2)(h)\n", None),
        ("x, h = tower(4)\ny = Dense(2)(scaled(h, 2.))\n", "parts.py:16"),
        ("x, h = tower(4)\ny = Dense(parts.count(2))(h)\n", None),
        ("x, h = parts.deeper(4)\ny = Dense(2)(h)\n", "parts.py:12"),
        ("x, h = tower(4)\ny = Dense(2)(Lambda(lambda t: scaled(t, 2.))(h))\n", None),
    ],
)
def test_operations_of_other_files(tmp_path: Path, program: str, place: str | None) -> None:
    (tmp_path / "parts.py").write_text(PARTS)
    (tmp_path / "main.py").write_text(MAIN + program)

    result = next(found for found in scan(tmp_path) if found.path is not None and found.path.endswith("main.py"))

    told = [review.reason for review in result.reviews if review.rule == "KM444"]
    assert [f"the operation stands in {place}," in reason for reason in told] == ([True] if place is not None else [])


def test_an_operation_here_on_a_tensor_from_there(tmp_path: Path) -> None:
    (tmp_path / "parts.py").write_text(PARTS)
    (tmp_path / "main.py").write_text(MAIN + "x, h = tower(4)\ny = Dense(2)(K.concatenate([h, x * 2.]))\n")

    result = next(found for found in scan(tmp_path) if found.path is not None and found.path.endswith("main.py"))

    assert "y = Dense(2)(Concatenate(axis=-1)([h, Lambda(lambda t: t * 2.)(x)]))" in result.after
    assert not result.reviews
