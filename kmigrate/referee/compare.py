"""In what do two values, one of Keras 1 and one of Keras 2, differ?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MISSING = "<missing>"


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Two numbers are the same if they differ by at most `absolute + relative * |first|`.

    Kerases of other versions compute in another order on another TensorFlow: single precision leaves about 1e-5.
    """

    absolute: float = 1e-4
    relative: float = 1e-3

    def allows(self, first: float, second: float) -> bool:
        """Are the numbers the same?"""
        if math.isnan(first) or math.isnan(second):
            return math.isnan(first) and math.isnan(second)
        if math.isinf(first) or math.isinf(second):
            return first == second
        return abs(first - second) <= self.absolute + self.relative * abs(first)

    def alone(self, first: float, second: float) -> bool:
        """Are two numbers the same that stand alone? An epsilon of 1e-8 is not one of 1e-7."""
        tight = Tolerance(min(self.absolute, ALONE), self.relative) if self.absolute <= TIGHT else self
        return tight.allows(first, second)


TIGHT = 1e-4
ALONE = 1e-9


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where two values differ; `size` is the largest difference of numbers there, None for other things."""

    place: str
    first: str
    second: str
    size: float | None = None

    def __str__(self) -> str:
        by = f" (by {self.size:.3g})" if self.size is not None else ""
        return f"{self.place}: {self.first} -> {self.second}{by}"


def differences(first: Any, second: Any, tolerance: Tolerance, place: str = "") -> Iterator[Difference]:
    """Every place where the values differ; one for a whole array."""
    if _is_array(first) and _is_array(second):
        yield from _of_arrays(first, second, tolerance, place)
    elif isinstance(first, dict) and isinstance(second, dict) and not _is_array(first) and not _is_array(second):
        for key in [*first, *(key for key in second if key not in first)]:
            yield from differences(
                first.get(key, MISSING), second.get(key, MISSING), tolerance, f"{place}.{key}".lstrip(".")
            )
    elif isinstance(first, list) and isinstance(second, list):
        if len(first) != len(second):
            yield Difference(place, _short(first), _short(second))
        else:
            for number, (one, other) in enumerate(zip(first, second, strict=True)):
                yield from differences(one, other, tolerance, f"{place}[{number}]")
    elif _is_number(first) and _is_number(second):
        if not tolerance.alone(float(first), float(second)):
            yield Difference(place, _short(first), _short(second), abs(float(first) - float(second)))
    elif _scalar(first) != _scalar(second):
        yield Difference(place, _short(first), _short(second))


def _of_arrays(first: dict[str, Any], second: dict[str, Any], tolerance: Tolerance, place: str) -> Iterator[Difference]:
    if first["shape"] != second["shape"]:
        yield Difference(f"{place} shape", str(tuple(first["shape"])), str(tuple(second["shape"])))
        return
    pairs = list(zip(first["data"], second["data"], strict=True))
    if all(_is_number(one) or isinstance(one, bool) for pair in pairs for one in pair):
        wrong = [(abs(float(a) - float(b)), a, b) for a, b in pairs if not tolerance.allows(float(a), float(b))]
        if wrong:
            size, one, other = max(wrong, key=lambda item: -1.0 if math.isnan(item[0]) else item[0])
            yield Difference(f"{place} ({len(wrong)} of {len(pairs)} numbers)", _short(one), _short(other), size)
    elif first["data"] != second["data"]:
        one, other = next(pair for pair in pairs if pair[0] != pair[1])
        yield Difference(place, _short(one), _short(other))


def _is_array(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"shape", "kind", "data"}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _scalar(value: Any) -> Any:
    """An array without dimensions says the same as its element."""
    return value["data"][0] if _is_array(value) and value["shape"] == [] else value


def _short(value: Any) -> str:
    if _is_array(value):
        return f"array{tuple(value['shape'])}"
    text = f"{value:.6g}" if isinstance(value, float) else repr(value)
    return text if len(text) <= 120 else text[:117] + "..."
