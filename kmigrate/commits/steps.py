"""Which states lie between the files as they are and as a run leaves them, rule by rule?

The files after the rules 1 to n are what a run with just these rules selected makes of the original files. So each state
has passed all the checks of a run (it compiles, its names are bound), and the last one is what a plain run writes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from kmigrate.config import Settings
from kmigrate.engine import Engine
from kmigrate.execution.tasks import migrate_safely
from kmigrate.journal import Planned
from kmigrate.results import FileResult, Outcome
from kmigrate.source.discovery import root_around


@dataclass(frozen=True, slots=True)
class Step:
    """What one commit holds: the rule that it is about (None for the rest of a run), rules that go with it, the files."""

    rule: str | None
    others: tuple[str, ...]
    files: tuple[Planned, ...]


def steps(results: Iterable[FileResult], settings: Settings) -> tuple[Step, ...]:
    """The steps to the results of a run with these settings, one for each rule that fired; nothing is written.

    A rule that cannot stand alone in a file goes there with a later one: alone it writes nothing (its change shows with
    that of another rule only), or its state would not pass the checks. A new file is part of the first step that needs it.
    """
    written = [result for result in results if result.source is not None]
    files = [_File(result) for result in written if result.outcome is Outcome.CHANGED]
    new = [_new(result) for result in written if result.outcome is Outcome.CREATED]
    return tuple(_steps(files, {str(file.path): file for file in new}, settings))


@dataclass(frozen=True, slots=True)
class _Move:
    """What becomes of one file in a step, the rules that it does, and the new file that it needs, if any."""

    file: Planned
    rules: set[str]
    needs: str | None


@dataclass(slots=True)
class _File:
    """A file on its way: what it holds by now, and the rules that are still to come."""

    result: FileResult
    now: bytes = b""
    left: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        assert self.result.source is not None
        self.now = self.result.source.encode(self.result.before)
        self.left = _fired(self.result)

    def moved(self, to: FileResult) -> _Move | None:
        """The move to another state and the rules that it does; None if it is no move, or not to a proven state."""
        if to.outcome is Outcome.FAILED or to.source is None or to.source.path is None:
            return None
        before, after = self.now, to.to_bytes()
        if before == after:
            return None
        done = self.left & _fired(to)
        self.now = after
        self.left -= done
        needs = os.path.realpath(to.needed.path) if to.needed is not None else None
        return _Move(Planned(Path(os.path.realpath(to.source.path)), before, after), done, needs)


def _steps(files: list[_File], new: dict[str, Planned], settings: Settings) -> Iterator[Step]:
    chosen: tuple[str, ...] = ()
    for rule in sorted({rule for file in files for rule in file.left}, key=_in_order):
        chosen = (*chosen, rule)
        some = replace(settings, select=chosen, ignore=(), todo=False)
        here = [file for file in files if rule in file.left]
        yield from _step(rule, [file.moved(result) for file, result in zip(here, _results(here, some), strict=True)], new)
    yield from _step(None, [file.moved(file.result) for file in files], new)


def _step(rule: str | None, moves: list[_Move | None], new: dict[str, Planned]) -> Iterator[Step]:
    made = [move for move in moves if move is not None]
    if made:
        others = set[str]().union(*(move.rules for move in made)) - {rule}
        needed = sorted({move.needs for move in made if move.needs in new})
        yield Step(rule, tuple(sorted(others)), (*(move.file for move in made), *(new.pop(path) for path in needed)))


def _new(result: FileResult) -> Planned:
    assert result.source is not None and result.source.path is not None
    return Planned(Path(os.path.realpath(result.source.path)), None, result.to_bytes())


def _results(files: list[_File], settings: Settings) -> Iterator[FileResult]:
    engines: dict[Path, Engine] = {}
    for file in files:
        source = file.result.source
        assert source is not None and source.path is not None
        folder = Path(source.path).parent
        root = root_around(folder)
        if root not in engines:
            engines[root] = Engine(root, settings)
        yield migrate_safely(engines[root], source, file.result.path)


def _fired(result: FileResult) -> set[str]:
    of_edits = {rule for item in result.replacements for rule in item.rules}
    return (of_edits | {change.rule for change in result.changes}) - {""}


def _in_order(rule: str) -> str:
    """By id; KM10 before KM1, which is also the beginning of KM10 where rules are selected."""
    return rule + "~"
