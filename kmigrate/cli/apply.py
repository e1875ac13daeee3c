"""`kmigrate apply`: exactly the approved changes of a plan."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kmigrate.cli import options
from kmigrate.cli.diff import verdict
from kmigrate.cli.options import Format
from kmigrate.cli.output import check_output, emit
from kmigrate.cli.writing import ending_with, undoing
from kmigrate.exits import Exit

PlanFile = Annotated[
    Path, typer.Argument(metavar="PLAN", help="A file that `kmigrate diff --output plan.json` wrote.", show_default=False)
]


def apply(
    plan: PlanFile,
    allow_dirty: options.AllowDirty = False,
    form: options.Form = None,
    output: options.Output = None,
    debug: options.Debug = False,
) -> None:
    """Make the approved changes of a plan, and no others; `kmigrate undo` takes it back.

    Files that changed since the plan was made are refused. Run it in the folder in which the plan was made.
    """
    from kmigrate.applying import apply as write
    from kmigrate.plan import read_plan
    from kmigrate.replay import replay
    from kmigrate.report import text
    from kmigrate.report.model import Report

    check_output(output, plan)
    form = form or options.by_name(output)
    given = read_plan(plan)
    if not any(file.approved for file in given.files):
        print("The plan approves no change: nothing was written.", file=sys.stderr)
        if form is Format.TEXT:
            raise typer.Exit(Exit.CLEAN)
    done, run = write(replay(given), allow_dirty=allow_dirty)
    with ending_with(undoing(run)):
        report = Report.of(done, given.settings.to, written=True, settings=given.run_settings)
        emit(report, form, output, text.show_notes, text.show_summary)
    raise typer.Exit(verdict(bool(report.failed), bool(report.reviewed)))
