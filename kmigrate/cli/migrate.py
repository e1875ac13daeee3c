"""`kmigrate migrate`: the migration, written in place, to a copy of the tree, or from stdin to stdout."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kmigrate.cli import options
from kmigrate.cli.diff import verdict
from kmigrate.cli.options import Format
from kmigrate.cli.output import check_output, emit
from kmigrate.cli.progress import progress
from kmigrate.config import Settings
from kmigrate.errors import InvalidSetting
from kmigrate.exits import Exit

Out = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Write a migrated copy of the whole tree to a new folder.")
]


def migrate(
    paths: options.Paths,
    out: Out = None,
    unsafe: options.Unsafe = False,
    to: options.To = None,
    select: options.Select = None,
    ignore: options.Ignore = None,
    rules: options.Rules = None,
    docs: options.Docs = False,
    form: options.Form = Format.TEXT,
    output: options.Output = None,
    stdin_filename: options.StdinName = None,
    debug: options.Debug = False,
) -> None:
    """Migrate files in place; `kmigrate undo` takes it back.

    With `--out` the files stay and a migrated copy is written. With `-` the text on standard input goes to standard
    output, and what is left to do by hand to standard error.
    """
    settings = options.settings(to, unsafe, select, ignore, rules, docs)
    check_output(output)
    if form is Format.PLAN:
        raise InvalidSetting("a plan is made before anything is written", hint="use `kmigrate diff --format plan`")
    if options.reads_stdin(paths):
        if out is not None:
            raise InvalidSetting("--out goes with files and folders, not with `-`", hint="redirect standard output")
        code = _stdin(settings, stdin_filename, form, output)
    else:
        code = _files(paths, out, settings, form, output)
    raise typer.Exit(code)


def _files(paths: list[Path], out: Path | None, settings: Settings, form: Format, output: Path | None) -> Exit:
    from kmigrate.applying import apply, check_copy, copy
    from kmigrate.report import text
    from kmigrate.report.model import Report
    from kmigrate.runner import run

    if out is not None:
        check_copy(paths, out)
    with progress() as show:
        results = tuple(run(paths, settings, progress=show))
    done, recorded = (copy(paths, out, results), None) if out is not None else apply(results)
    report = Report.of(done, settings.to, paths, written=True, settings=settings)
    emit(report, form, output, text.show_notes, text.show_summary)
    if recorded is not None:
        print(f"Run {recorded} is recorded: `kmigrate undo` takes it back.", file=sys.stderr)
    return verdict(bool(report.failed), bool(report.reviewed))


def _stdin(settings: Settings, name: str | None, form: Format, output: Path | None) -> Exit:
    from kmigrate.cli.stdin import migrate_stdin
    from kmigrate.report import text
    from kmigrate.report.model import Report

    data, result = migrate_stdin(settings, name)
    report = Report.of([result], settings.to, written=True, settings=settings)
    if not report.failed:
        sys.stdout.buffer.write(result.to_bytes() if report.changed else data)
        sys.stdout.buffer.flush()
    emit(report, form, output, text.show_notes, stream=sys.stderr)
    return verdict(bool(report.failed), bool(report.reviewed))
