"""`kmigrate migrate`: the migration, written in place, to a copy of the tree, or from stdin to stdout."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kmigrate.cli import options
from kmigrate.cli.diff import verdict
from kmigrate.cli.options import Format
from kmigrate.cli.output import check_output, emit
from kmigrate.cli.progress import progress
from kmigrate.cli.writing import Commits, Copy, InPlace, Way, ending_with, write
from kmigrate.config import Settings
from kmigrate.errors import InvalidSetting
from kmigrate.exits import Exit

if TYPE_CHECKING:
    from kmigrate.cache.store import Store

Out = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Write a migrated copy of the whole tree to a new folder.")
]
CommitPerRule = Annotated[
    bool, typer.Option("--commit-per-rule/--no-commit-per-rule", help="Make one git commit for each rule.")
]
ExitZero = Annotated[
    bool, typer.Option("--exit-zero/--no-exit-zero", help="Exit with 0, not 1, where reviews are left to do by hand.")
]


def migrate(
    paths: options.Paths,
    out: Out = None,
    unsafe: options.Unsafe = False,
    to: options.To = None,
    select: options.Select = None,
    ignore: options.Ignore = None,
    rules: options.Rules = None,
    emit_helpers: options.EmitHelpers = False,
    docs: options.Docs = False,
    todo: options.Todo = False,
    since: options.Since = None,
    allow_dirty: options.AllowDirty = False,
    commit_per_rule: CommitPerRule = False,
    exit_zero: ExitZero = False,
    form: options.Form = None,
    output: options.Output = None,
    stdin_filename: options.StdinName = None,
    jobs: options.Jobs = None,
    cache: options.Cache = True,
    cache_dir: options.CacheDir = None,
    debug: options.Debug = False,
) -> None:
    """Migrate files in place; `kmigrate undo` takes it back.

    In a git work tree, a file with changes that are not committed, or that git does not know yet, is not written: what
    git ignores is, and everything outside of a work tree.

    With `--out` the files stay and a migrated copy is written. With `-` the text on standard input goes to standard
    output, and what is left to do by hand to standard error.
    """
    settings = options.settings(to, unsafe, select, ignore, rules, docs, todo, emit_helpers)
    check_output(output)
    form = form or options.by_name(output)
    if form is Format.PLAN:
        raise InvalidSetting("--format: a plan is made before anything is written", hint="use `kmigrate diff --output plan.json`")
    if options.reads_stdin(paths, since, stdin_filename):
        _refuse_together(
            "`-`", ("--out", out), ("--commit-per-rule", commit_per_rule), ("--emit-helpers", emit_helpers),
        )  # fmt: skip
        code = _stdin(settings, stdin_filename, form, output)
    else:
        way = _way(out, allow_dirty, commit_per_rule)
        work = Work(options.narrowed(paths, since, docs), jobs, options.kept(cache, cache_dir))
        code = _files(paths, work, settings, way, form, output)
    raise typer.Exit(Exit.CLEAN if exit_zero and code is Exit.WORK_LEFT else code)


@dataclass(frozen=True, slots=True)
class Work:
    """The files to migrate, by how many processes at most, and where results of earlier runs are kept."""

    files: list[Path]
    jobs: int | None
    cache: Store | None


def _way(out: Path | None, allow_dirty: bool, commit_per_rule: bool) -> Way:
    if commit_per_rule:
        _refuse_together("--commit-per-rule", ("--out", out), ("--allow-dirty", allow_dirty))
        return Commits()
    return Copy(out) if out is not None else InPlace(allow_dirty)


def _refuse_together(one: str, *others: tuple[str, object]) -> None:
    for name, given in others:
        if given:
            raise InvalidSetting(f"{name} does not go with {one}", hint="leave one of them out")


def _files(
    paths: list[Path], work: Work, settings: Settings, way: Way, form: Format, output: Path | None
) -> Exit:
    from kmigrate.applying import check_copy
    from kmigrate.report import text
    from kmigrate.report.model import Report
    from kmigrate.runner import run

    if isinstance(way, Copy):
        check_copy(paths, way.out)
    with progress() as show:
        results = tuple(run(work.files, settings, progress=show, jobs=work.jobs, cache=work.cache))
    done, said = write(results, paths, settings, way)
    with ending_with(said):
        report = Report.of(done, settings.to, paths, written=True, settings=settings)
        emit(report, form, output, text.show_notes, text.show_summary)
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
