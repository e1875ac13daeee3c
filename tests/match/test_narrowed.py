"""Is an object that nobody knows taken for what isinstance asks of it, where that test holds and nowhere else?"""

from __future__ import annotations

import pytest

from kmigrate import migrate_text

_IMPORT = "from keras.layers import Convolution2D, Dense, Dropout\n\n"


def _after(program: str) -> str:
    return migrate_text(_IMPORT + program).after.removeprefix("from keras.layers import Conv2D, Dense, Dropout\n\n").removeprefix(
        _IMPORT
    )


@pytest.mark.parametrize(
    ("program", "after"),
    [
        (
            "def size(layer):\n    if isinstance(layer, Dense):\n        return layer.output_dim\n",
            "def size(layer):\n    if isinstance(layer, Dense):\n        return layer.units\n",
        ),
        (
            "def rate(layer):\n    return layer.p if isinstance(layer, Dropout) else 0\n",
            "def rate(layer):\n    return layer.rate if isinstance(layer, Dropout) else 0\n",
        ),
        (
            "def often(layer):\n    return isinstance(layer, Dropout) and layer.p > 0.5\n",
            "def often(layer):\n    return isinstance(layer, Dropout) and layer.rate > 0.5\n",
        ),
        (
            "def rates(layers):\n    return [layer.p for layer in layers if isinstance(layer, Dropout)]\n",
            "def rates(layers):\n    return [layer.rate for layer in layers if isinstance(layer, Dropout)]\n",
        ),
        (
            "def shown(layer):\n    if isinstance(layer, (Dense, Convolution2D)) and layer.name:\n        print(layer.W)\n",
            "def shown(layer):\n    if isinstance(layer, (Dense, Conv2D)) and layer.name:\n        print(layer.kernel)\n",
        ),
    ],
)
def test_under_the_test_its_class_is_known(program: str, after: str) -> None:
    assert _after(program) == after


@pytest.mark.parametrize(
    "program",
    [
        "def size(layer):\n    if isinstance(layer, Dense):\n        pass\n    return layer.output_dim\n",
        "def size(layer):\n    if isinstance(layer, Dense):\n        pass\n    else:\n        return layer.output_dim\n",
        "def size(layer, other):\n    if isinstance(layer, Dense) or other:\n        return layer.output_dim\n",
        "def size(layer, other):\n    if isinstance(layer, Dense):\n        return other.output_dim\n",
        "def size(layer, other):\n    if isinstance(layer, Dense):\n        layer = other\n        return layer.output_dim\n",
        "def size(layer, Other):\n    if isinstance(layer, (Dense, Other)):\n        return layer.output_dim\n",
        "def size(layer):\n    if not isinstance(layer, Dense):\n        return layer.output_dim\n",
        "def size(layer):\n    if isinstance(layer, Dense):\n        return lambda layer: layer.output_dim\n",
        "def size(layer):\n    return layer.output_dim and isinstance(layer, Dense)\n",
    ],
)
def test_elsewhere_it_is_not(program: str) -> None:
    assert _after(program) == program
