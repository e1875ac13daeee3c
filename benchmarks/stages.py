"""Where does the time of a run go: own time by stage and by function, from one profiled run?

The profiler makes calls dearer than they are, so the shares are a guide; the ratio is measured without it.
"""

from __future__ import annotations

import cProfile
import pstats
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import kmigrate
from benchmarks.corpus import Project
from benchmarks.measure import SETTINGS
from kmigrate.collector import collector_off
from kmigrate.engine import Engine

Function: TypeAlias = tuple[str, int, str]

HERE = Path(kmigrate.__file__).parent.as_posix() + "/"
STAGES = (
    ("source/", "read: text, offsets, parsing"),
    ("resolve/scopes", "scopes"),
    ("resolve/walk", "scopes"),
    ("resolve/", "resolve"),
    ("match/collect", "collect the uses"),
    ("keras/", "signature tables"),
    ("rewrite/names", "names and imports"),
    ("rewrite/imports", "names and imports"),
    ("rewrite/", "decide and rewrite"),
    ("match/", "decide and rewrite"),
    ("ruleset/", "decide and rewrite"),
    ("verify/", "verify: names, binding"),
    ("proof", "verify: names, binding"),
    ("edits", "render"),
    ("", "engine and records"),
)


@dataclass(frozen=True, slots=True)
class Profile:
    """Shares of the time of a run: by stage, of the verification, by function (name, own, with callees, calls)."""

    stages: dict[str, float]
    verifying: float | None
    functions: list[tuple[str, float, float, int]]


def profile(projects: Sequence[Project]) -> Profile:
    """One profiled run over all projects, engines made before."""
    profiler = cProfile.Profile()
    engines = [(Engine(project.root, SETTINGS), project) for project in projects]
    with collector_off():
        profiler.enable()
        for engine, project in engines:
            for source in project.sources:
                engine.migrate(source)
        profiler.disable()
    table: dict[Function, Any] = pstats.Stats(profiler).stats  # type: ignore[attr-defined]
    total = sum(own for _, _, own, _, _ in table.values()) or 1.0
    return Profile(_stages(table, total), _verifying(table, total), _functions(table, total))


def _stages(table: dict[Function, Any], total: float) -> dict[str, float]:
    shares: dict[str, float] = {}
    for function, (_, _, own, _, callers) in table.items():
        if function[0] != "~":
            stage = _stage(function)
            shares[stage] = shares.get(stage, 0.0) + own / total
            continue
        for caller, (_, _, part, _) in callers.items():  # a builtin belongs to who called it
            stage = "parse" if "compile" in function[2] else _stage(caller)
            shares[stage] = shares.get(stage, 0.0) + part / total
    return dict(sorted(shares.items(), key=lambda item: -item[1]))


def _stage(function: Function) -> str:
    path = Path(function[0]).as_posix()
    if path.startswith(HERE):
        return next(stage for start, stage in STAGES if path[len(HERE) :].startswith(start))
    return "rope" if "/rope/" in path else "library"


def _verifying(table: dict[Function, Any], total: float) -> float | None:
    found = [facts[3] for function, facts in table.items() if function[0] == f"{HERE}proof.py"]
    return max(found) / total if found else None


def _functions(table: dict[Function, Any], total: float) -> list[tuple[str, float, float, int]]:
    return sorted(
        (
            (
                f"{Path(path).name.removesuffix('.py')}:{line} {name}" if path != "~" else name,
                own / total,
                inner / total,
                calls,
            )
            for (path, line, name), (_, calls, own, inner, _) in table.items()
        ),
        key=lambda item: -item[1],
    )
