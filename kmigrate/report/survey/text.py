"""The survey for a person at a terminal: folders, the hardest files, and the estimate with its basis."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from rich.console import Console
from rich.text import Text

from kmigrate.report import figures, words
from kmigrate.report.survey.estimate import total
from kmigrate.report.survey.model import Row, Survey
from kmigrate.report.survey.time_left import ASSUMED, duration, time_left, whole

FOLDERS = 25
"""So many folders are shown, those with the most work."""

def show(survey: Survey, console: Console) -> None:
    """Print the survey."""
    _folders(survey, console)
    _rows(console, "Hardest files", survey.hardest)
    if survey.files:
        _estimate(survey, console)


def _folders(survey: Survey, console: Console) -> None:
    """Folders without any work are in the sums only."""
    busy = [row for row in survey.folders if row.work.minutes]
    most = {row.path for row in sorted(busy, key=lambda row: -row.work.minutes)[:FOLDERS]}
    shown = [row for row in busy if row.path in most]
    rest = [row for row in busy if row.path not in most]
    if rest:
        more = total(row.work for row in rest)
        shown.append(Row(f"({words.count(len(rest), 'more folder')})", sum(row.files for row in rest), more))
    if len(survey.folders) > 1:
        shown.append(Row("all", len(survey.files), survey.work))
    _rows(console, "Folder", shown, {"files": lambda row: row.files})


def _rows(
    console: Console, title: str, rows: Sequence[Row], more: Mapping[str, Callable[[Row], int]] = MappingProxyType({})
) -> None:
    columns: dict[str, Callable[[Row], int]] = {
        **more,
        "automatic": lambda row: row.work.automatic,
        "unsafe": lambda row: row.work.unsafe,
        "by hand": lambda row: row.work.by_hand,
        "failed": lambda row: row.work.failed,
        "minutes": lambda row: whole(row.work.minutes),
    }
    if not any(row.work.failed for row in rows):
        del columns["failed"]
    if rows:
        told = ((words.visible(row.path), [figure(row) for figure in columns.values()]) for row in rows)
        figures.show(console, title, tuple(columns), told)


def _estimate(survey: Survey, console: Console) -> None:
    console.print(Text(f"Time left for a person: {time_left(survey)}", "bold"))
    for item in survey.items:
        if item.count:
            each = f"{item.each:g} min each"
            console.print(Text(f"  {item.count:>5} {item.what:<31} {each:<14} {duration(item.minutes)}"), soft_wrap=True)
    console.print(Text(f"  {ASSUMED}", "dim"))
    console.print()
