"""What is the smallest program that goes wrong in the same way? Hypothesis makes a generated one smaller."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from kmigrate.referee.ended import told
from kmigrate.referee.judged import Judged, judge_all
from kmigrate.referee.pool import Pool
from kmigrate.referee.programs.draw import SPARE, stream
from kmigrate.referee.programs.text import Written

TRIES = 60
"""So many smaller programs are tried; each costs a run on two Kerases."""


class SameFault(Exception):
    """A program goes wrong in the way that is looked for."""


def shrunk(pool: Pool, fault: Judged, seed: int, count: int, rules: tuple[Path, ...] = ()) -> Judged:
    """The smallest program found that ends as `fault` does, which `seed` and `count` drew from its family."""
    smallest = fault
    judged: dict[str, Judged | None] = {fault.program: fault}
    found = False

    def see(program: Written) -> None:
        nonlocal smallest, found
        found = found or program.text == fault.program
        if not found:
            return
        if program.text not in judged:
            judged[program.text] = _judge(pool, fault, program, rules) if len(judged) < TRIES else None
        item = judged[program.text]
        if item is not None and kind(item) == kind(fault):
            if len(item.program) < len(smallest.program):
                smallest = item
            raise SameFault

    with suppress(SameFault):
        stream(fault.name.partition("/")[0], count * SPARE, seed, see, shrink=True)
    return smallest


def kind(item: Judged) -> tuple[str, str]:
    """Two faults of one kind: the same ending, in the same place or for the same reason."""
    what = told(item.verdict) if item.verdict is not None else str(item.result.failure)
    return item.ending.value, re.split(r"[\d:(\[]", what)[0]


def _judge(pool: Pool, fault: Judged, program: Written, rules: tuple[Path, ...]) -> Judged:
    return judge_all(pool, [(fault.name, program.text)], [fault.version], rules)[0]
