"""Which programs does a seed stand for? The same ones on every machine, as far from each other as can be had."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded

from kmigrate.referee.programs.families import FAMILIES
from kmigrate.referee.programs.text import Written

SPARE = 3
"""So many times the programs are drawn: hypothesis likes to draw what is nearly the same again."""


def programs(family: str, count: int, seed: int) -> list[Written]:
    """At most `count` programs of a family that differ in more than their imports."""
    found: dict[str, Written] = {}
    stream(family, count * SPARE, seed, lambda program: found.setdefault(program.core, program))
    every = list(found.values())
    step = max(1.0, len(every) / count)
    return [every[int(number * step)] for number in range(min(count, len(every)))]


def stream(family: str, count: int, seed: int, see: Callable[[Written], Any], shrink: bool = False) -> None:
    """Let `see` see what the seed draws; with `shrink`, what it raises on is made smaller until it raises no more."""
    phases = (Phase.generate, Phase.shrink) if shrink else (Phase.generate,)

    @seeded(seed)
    @settings(max_examples=count, database=None, phases=phases, suppress_health_check=list(HealthCheck), deadline=None,
              print_blob=False, report_multiple_bugs=False)  # fmt: skip
    @given(FAMILIES[family])
    def seen(program: Written) -> None:
        see(program)

    seen()
