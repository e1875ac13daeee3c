"""The roll-up as a table for a spreadsheet: one row for each file, and one for each repository that failed as a whole."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from kmigrate.batch.rollup import Rollup
from kmigrate.results import State

COLUMNS = ("repository", "repository_ended", "file", "outcome", *(state.value.replace(" ", "_") for state in State), "failure")


def render(rollup: Rollup) -> Iterator[str]:
    """The lines."""
    yield _line(COLUMNS)
    for record in rollup.records:
        for file in record.files:
            counts = (file.uses.get(state.value, 0) for state in State)
            yield _line((record.name, record.ended.value, file.path, file.outcome.value, *counts, file.failure or ""))
        if record.failure is not None or not record.files:
            yield _line((record.name, record.ended.value, "", "", *(0 for _ in State), record.failure or ""))


def _line(cells: tuple[object, ...]) -> str:
    """A cell that a spreadsheet would take for a formula gets a quote before it."""
    safe = [f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell for cell in cells]
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(safe)
    return line.getvalue()
