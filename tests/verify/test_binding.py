"""Do arguments fit the Keras 2 signatures of every target?"""

from __future__ import annotations

import pytest

from kmigrate.keras.signatures import knowledge
from kmigrate.keras.versions import resolve_targets
from kmigrate.verify.binding import misfit

VERSIONS = resolve_targets()


def problem(path: str, positional: tuple[str, ...], keywords: tuple[str, ...], **options: object) -> str | None:
    targets = []
    for version in VERSIONS:
        facts = knowledge(version).get(path)
        assert facts is not None
        targets.append((version, facts.signature))
    return misfit(positional, keywords, targets, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "path, positional, keywords",
    [
        ("keras.layers.Dense", ("units",), ("activation", "kernel_initializer", "name", "input_shape")),
        ("keras.layers.Dense", (), ("units",)),
        ("keras.layers.Conv2D", ("filters", "kernel_size"), ("padding",)),
        ("keras.layers.add", ("inputs",), ("name",)),
    ],
)  # fmt: skip
def test_what_fits(path: str, positional: tuple[str, ...], keywords: tuple[str, ...]) -> None:
    assert problem(path, positional, keywords) is None


@pytest.mark.parametrize(
    "path, positional, keywords, reason",
    [
        ("keras.layers.Dense", (), (), "needs `units`"),
        ("keras.layers.Dense", ("units",), ("init",), "has no parameter `init`"),
        ("keras.layers.Dense", ("units",), ("units",), "`units` is given twice"),
        ("keras.layers.Dense", ("units",), ("activation", "activation"), "`activation` is given twice"),
        ("keras.layers.Dense", ("activation",), ("units",), "`activation` is not argument 1"),
        ("keras.layers.Conv2D", ("filters", "padding"), (), "`padding` is not argument 2"),
    ],
)  # fmt: skip
def test_what_does_not(path: str, positional: tuple[str, ...], keywords: tuple[str, ...], reason: str) -> None:
    found = problem(path, positional, keywords)
    assert found is not None
    version, _, told = found.partition(": ")
    assert version in VERSIONS
    assert told == reason


def test_positional_arguments_beyond_what_keras_2_takes() -> None:
    found = problem("keras.layers.Dense", ("units", "activation", "use_bias"), ())
    assert found is None or "positional" in found


def test_a_name_that_differs_between_versions_goes_by_its_place() -> None:
    assert problem("keras.optimizers.SGD", ("lr",), ("momentum",)) is not None
    assert problem("keras.optimizers.SGD", ("lr",), ("momentum",), by_place=("lr",)) is None


def test_a_partial_may_miss_what_is_required() -> None:
    assert problem("keras.layers.Dense", (), ("activation",), partial=True) is None
