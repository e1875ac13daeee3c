"""`kmigrate diff`: what would a migration change, and what would be left to do?"""

from __future__ import annotations

import typer

from kmigrate.cli import options
from kmigrate.cli.options import Format
from kmigrate.cli.output import check_output, emit
from kmigrate.cli.progress import progress
from kmigrate.errors import InvalidSetting
from kmigrate.exits import Exit


def diff(
    paths: options.Paths,
    unsafe: options.Unsafe = False,
    to: options.To = None,
    select: options.Select = None,
    ignore: options.Ignore = None,
    rules: options.Rules = None,
    emit_helpers: options.EmitHelpers = False,
    docs: options.Docs = False,
    todo: options.Todo = False,
    since: options.Since = None,
    form: options.Form = None,
    output: options.Output = None,
    stdin_filename: options.StdinName = None,
    jobs: options.Jobs = None,
    cache: options.Cache = True,
    cache_dir: options.CacheDir = None,
    debug: options.Debug = False,
) -> None:
    """Show what `migrate` would do; nothing is written.

    The diff, then what is left to do by hand, then the sums by rule and by file.
    """
    from kmigrate.cli.stdin import migrate_stdin
    from kmigrate.report import text
    from kmigrate.report.model import Report
    from kmigrate.runner import run

    settings = options.settings(to, unsafe, select, ignore, rules, docs, todo, emit_helpers)
    check_output(output)
    form = form or options.by_name(output, plans=True)
    stdin = options.reads_stdin(paths, since, stdin_filename)
    if stdin and form is Format.PLAN:
        raise InvalidSetting("a plan is about files, not about `-`", hint="name the file")
    if stdin:
        report = Report.of([migrate_stdin(settings, stdin_filename)[1]], to, settings=settings)
    else:
        files = options.narrowed(paths, since, docs)
        with progress() as show:
            results = run(files, settings, progress=show, jobs=jobs, cache=options.kept(cache, cache_dir))
            report = Report.of(results, to, paths, settings=settings)
    emit(report, form, output, text.show_diff, text.show_notes, text.show_summary)
    raise typer.Exit(verdict(bool(report.failed), bool(report.changed or report.reviewed)))


def verdict(failed: bool, work_left: bool) -> Exit:
    """The exit code of a run."""
    return Exit.FAILED if failed else Exit.WORK_LEFT if work_left else Exit.CLEAN
