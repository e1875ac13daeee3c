"""How long do the engine and its yardsticks take on the same files, in the same process, under the same conditions?

CPU time, so that other programs count for little. The collector is off for all of them and has run before each. The
turns of engine and yardstick alternate, so that a slow spell of the machine hits both.

`ast.parse` is measured twice: in a loop of its own, where nothing else takes the caches of the processor from it, and file by
file between the migrations, as a program meets it that does more than parse.
"""

from __future__ import annotations

import ast
import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.corpus import Project
from kmigrate.collector import collector_off
from kmigrate.config import Settings
from kmigrate.engine import Engine
from kmigrate.results import FileResult

ROUNDS = 5
SETTINGS = Settings(unsafe=True)


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds for all files of a project; `libcst` is None where LibCST is not installed.

    `parse_between` and `engine_between`: those of `ast.parse` and of the engine where each file goes through both in turn.
    """

    project: Project
    parse: float
    engine: float
    parse_between: float
    engine_between: float
    libcst: float | None
    results: tuple[FileResult, ...]


def measure(project: Project, *, rounds: int = ROUNDS) -> Cost:
    """The median cost of the project, after a round that warms up tables, rules and imports."""
    texts = [source.text for source in project.sources]
    parses, runs, between = [], [], []
    with collector_off():
        results = migrated(project)
        del results
        for _ in range(rounds):
            parses.append(timed(lambda: parse(texts)))
            runs.append(timed(lambda: migrated(project)))
            between.append(_in_turns(project))
        parse_between, engine_between = (statistics.median(times) for times in zip(*between, strict=True))
        return Cost(
            project, statistics.median(parses), statistics.median(runs), parse_between, engine_between, _libcst(texts),
            tuple(migrated(project)),
        )  # fmt: skip


def parse(texts: Sequence[str]) -> None:
    """The yardstick: each tree goes before the next one comes, as those of kmigrate do."""
    for text in texts:
        ast.parse(text)


def migrated(project: Project) -> list[FileResult]:
    """All files through one new engine."""
    engine = Engine(project.root, SETTINGS)
    return [engine.migrate(source) for source in project.sources]


def _in_turns(project: Project) -> tuple[float, float]:
    """CPU seconds of `ast.parse` and of one new engine, each file parsed just before it is migrated."""
    gc.collect()
    engine = Engine(project.root, SETTINGS)
    parsing = migrating = 0.0
    for source in project.sources:
        start = time.process_time()
        parse((source.text,))
        parsed = time.process_time()
        engine.migrate(source)
        parsing, migrating = parsing + parsed - start, migrating + time.process_time() - parsed
    return parsing, migrating


def timed(work: Callable[[], object]) -> float:
    """CPU seconds of one call, its result kept until the clock has stopped."""
    gc.collect()
    start = time.process_time()
    kept = work()
    elapsed = time.process_time() - start
    del kept
    return elapsed


def _libcst(texts: Sequence[str]) -> float | None:
    try:
        import libcst
    except ImportError:
        return None
    return timed(lambda: [_or_none(libcst.parse_module, text) for text in texts])


def _or_none(parse: Callable[[str], object], text: str) -> object:
    try:
        return parse(text)
    except Exception:  # what LibCST refuses costs what it cost until then
        return None
