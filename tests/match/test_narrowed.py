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
        (
            "def size(layer):\n    if type(layer) is Dense:\n        return layer.output_dim\n",
            "def size(layer):\n    if type(layer) is Dense:\n        return layer.units\n",
        ),
        (
            "def size(layer):\n    if layer.__class__ in (Dense, Convolution2D):\n        return layer.W\n",
            "def size(layer):\n    if layer.__class__ in (Dense, Conv2D):\n        return layer.kernel\n",
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


@pytest.mark.parametrize(
    ("test", "rules"),
    [
        ("layer.__class__.__name__ == 'Dense'", ["KM340"]),
        ("type(layer).__name__ in ('Dense', 'Highway')", []),
        ("type(layer).__name__ != 'Dense'", []),
        ("type(other).__name__ == 'Dense'", []),
        ("layer.name == 'Dense'", []),
    ],
)
def test_the_name_of_the_class_is_a_guess(test: str, rules: list[str]) -> None:
    program = f"def size(layer, other):\n    if {test}:\n        return layer.output_dim\n"
    result = migrate_text(_IMPORT + program)
    assert [review.rule for review in result.reviews] == rules
    assert result.after == _IMPORT + program


def test_where_not_all_classes_have_it_the_object_stays_unknown() -> None:
    program = "def size(layer):\n    if isinstance(layer, (Convolution2D, Dense)):\n        return layer.nb_filter\n"
    assert [review.rule for review in migrate_text(_IMPORT + program).reviews] == ["KM770"]
