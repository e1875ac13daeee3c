"""How are the results of a run written: in place, to a copy of the tree, or as commits; and what takes them back?"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from kmigrate.config import Settings
from kmigrate.results import FileResult, Outcome


@dataclass(frozen=True, slots=True)
class InPlace:
    """Write the files themselves; `allow_dirty` also those whose text git could not give back."""

    allow_dirty: bool


@dataclass(frozen=True, slots=True)
class Copy:
    """Write a migrated copy of the whole tree to a new folder."""

    out: Path


@dataclass(frozen=True, slots=True)
class Commits:
    """Write the files and make a git commit for each rule."""


Way: TypeAlias = InPlace | Copy | Commits


def write(
    results: Sequence[FileResult], paths: Sequence[Path], settings: Settings, way: Way
) -> tuple[tuple[FileResult, ...], str | None]:
    """Write the results; how they then are, and a line about taking them back. Raises what the way raises."""
    from kmigrate.applying import apply, copy

    match way:
        case Copy(out=out):
            return copy(paths, out, results), None
        case Commits():
            return tuple(results), _committed(results, settings)
        case InPlace(allow_dirty=allow_dirty):
            done, run = apply(results, allow_dirty=allow_dirty)
            return done, undoing(run)


def undoing(run: str | None) -> str | None:
    """A line that says which command takes a run back, if one was recorded."""
    from kmigrate.journal import told

    if run is None:
        return None
    line = told(run)
    return f"{line[:1].upper()}{line[1:]}."


@contextmanager
def ending_with(said: str | None) -> Iterator[None]:
    """Say at the end of the report how to take back what was written, also where the report is interrupted or can't be given."""
    try:
        yield
    finally:
        if said is not None:
            print(said, file=sys.stderr)


def _committed(results: Sequence[FileResult], settings: Settings) -> str | None:
    from kmigrate.commits.making import check, make
    from kmigrate.commits.steps import steps
    from kmigrate.ruleset.compiled import last_rules

    changed = [result for result in results if result.outcome is Outcome.CHANGED]
    if not changed:
        return None
    heads = check(Path(result.source.path) for result in changed if result.source and result.source.path)
    made = make(steps(results, settings), {rule.id: rule for rule in last_rules(settings.rules)})
    back = ", ".join(f"`git -C {top} reset --keep {head}`" for top, head in heads.items())
    return f"{made} {'commit' if made == 1 else 'commits'} made: {back} takes {'it' if made == 1 else 'them'} back."
