"""Which values count as the same?"""

from __future__ import annotations

from typing import Any

import pytest

from kmigrate.referee.compare import Tolerance, differences

NAN, INF = float("nan"), float("inf")


def array(*data: float, shape: list[int] | None = None) -> dict[str, Any]:
    return {"shape": [len(data)] if shape is None else shape, "kind": "f", "data": list(data)}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (1.0, 1.0005), (1, 1.0), ("a", "a"), (None, None), (NAN, NAN), (INF, INF), ([1, [2.0]], [1, [2.0]]),
        ({"a": 1}, {"a": 1}), (array(1.0, 0.0), array(1.0, 0.00005)), (array(2.0, shape=[]), array(2.0, shape=[])),
        (array(3, shape=[]), 3),
    ],
)  # fmt: skip
def test_same(first: Any, second: Any) -> None:
    assert not list(differences(first, second, Tolerance()))


@pytest.mark.parametrize(
    ("first", "second", "place"),
    [
        (1.0, 1.1, ""), (1e-8, 1e-7, ""), (True, False, ""), ("a", "b", ""), (NAN, 1.0, ""), (INF, -INF, ""),
        ([1, 2], [1, 3], "[1]"), ([1], [1, 2], ""), ({"a": 1}, {"b": 1}, "a"),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, "a.b"),
        (array(1.0), array(1.0, 2.0), " shape"), (array(1.0, 2.0), array(1.0, 2.5), " (1 of 2 numbers)"),
        (array(NAN), array(1.0), " (1 of 1 numbers)"),
    ],
)  # fmt: skip
def test_different(first: Any, second: Any, place: str) -> None:
    found = list(differences(first, second, Tolerance()))
    assert found[0].place == place


def test_the_largest_difference_is_told() -> None:
    (found,) = differences(array(1.0, 2.0, 3.0), array(1.5, 2.0, 5.0), Tolerance(), "out")
    assert str(found) == "out (2 of 3 numbers): 3 -> 5 (by 2)"
