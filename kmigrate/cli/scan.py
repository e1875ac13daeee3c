"""`kmigrate scan`: how much is there to migrate, file by file?"""

from __future__ import annotations

import typer

from kmigrate.cli import options
from kmigrate.cli.diff import verdict
from kmigrate.cli.options import Format
from kmigrate.cli.output import Show, check_output, emit
from kmigrate.cli.progress import progress


def scan(
    paths: options.Paths,
    unsafe: options.Unsafe = False,
    to: options.To = None,
    select: options.Select = None,
    ignore: options.Ignore = None,
    rules: options.Rules = None,
    docs: options.Docs = False,
    form: options.Form = Format.TEXT,
    output: options.Output = None,
    debug: options.Debug = False,
) -> None:
    """Count the uses of Keras in each file by how they would end; nothing is written."""
    from kmigrate.cli.stdin import migrate_stdin
    from kmigrate.report import text
    from kmigrate.report.model import Report
    from kmigrate.runner import run

    settings = options.settings(to, unsafe, select, ignore, rules, docs)
    check_output(output)
    if options.reads_stdin(paths):
        report = Report.of([migrate_stdin(settings, None)[1]], to, settings=settings)
    else:
        with progress() as show:
            report = Report.of(run(paths, settings, progress=show), to, paths, settings=settings)
    parts: tuple[Show, ...] = (text.show_all_files, text.show_failures, text.show_sums)
    emit(report, form, output, *parts)
    raise typer.Exit(verdict(bool(report.failed), bool(report.changed or report.reviewed)))
