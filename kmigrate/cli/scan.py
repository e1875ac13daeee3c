"""`kmigrate scan`: how much work is there before it starts, and where?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kmigrate.cli import options
from kmigrate.cli.diff import verdict
from kmigrate.cli.options import Format
from kmigrate.cli.output import check_output, deliver, emit
from kmigrate.cli.progress import progress

if TYPE_CHECKING:
    from kmigrate.report.model import Report


def scan(
    paths: options.Paths,
    unsafe: options.Unsafe = False,
    to: options.To = None,
    select: options.Select = None,
    ignore: options.Ignore = None,
    rules: options.Rules = None,
    emit_helpers: options.EmitHelpers = False,
    docs: options.Docs = False,
    since: options.Since = None,
    form: options.Form = None,
    output: options.Output = None,
    jobs: options.Jobs = None,
    cache: options.Cache = True,
    cache_dir: options.CacheDir = None,
    debug: options.Debug = False,
) -> None:
    """Tell how much work a migration will be, folder by folder, and how long it takes a person; nothing is written.

    `text` and `json` tell the work; the other formats show the changes as `diff` does.
    """
    from kmigrate.cli.stdin import migrate_stdin
    from kmigrate.report.model import Report
    from kmigrate.runner import run

    settings = options.settings(to, unsafe, select, ignore, rules, docs, emit_helpers=emit_helpers)
    check_output(output)
    form = form or options.by_name(output)
    if options.reads_stdin(paths, since):
        report = Report.of([migrate_stdin(settings, None)[1]], to, settings=settings)
    else:
        files = options.narrowed(paths, since, docs)
        with progress() as show:
            results = run(files, settings, progress=show, jobs=jobs, cache=options.kept(cache, cache_dir))
            report = Report.of(results, to, paths, settings=settings)
    _emit(report, form, output)
    raise typer.Exit(verdict(bool(report.failed), bool(report.changed or report.reviewed)))


def _emit(report: Report, form: Format, output: Path | None) -> None:
    from kmigrate.report import text
    from kmigrate.report.survey import json
    from kmigrate.report.survey import text as survey_text
    from kmigrate.report.survey.model import Survey

    survey = Survey(report)
    if form is Format.JSON:
        deliver(json.render(survey).encode("ascii"), output)
    else:
        emit(report, form, output, lambda _, console: survey_text.show(survey, console), text.show_failures, text.show_sums)
