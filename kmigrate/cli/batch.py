"""`kmigrate batch`: many repositories in one go, with a roll-up of what became of each."""

from __future__ import annotations

import shlex
import shutil
import sys
from contextlib import closing
from enum import Enum
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kmigrate.cli import options
from kmigrate.cli.command import ARGUMENTS
from kmigrate.errors import InvalidSetting
from kmigrate.exits import Exit

if TYPE_CHECKING:
    from kmigrate.batch.delivery import Way
    from kmigrate.batch.rollup import Rollup


class RollupFormat(str, Enum):
    """Formats of a roll-up."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    HTML = "html"


Targets = Annotated[
    list[Path],
    typer.Argument(
        metavar="DIR|LIST...", show_default=False,
        help="Folder whose folders are the repositories, or a text file with one path or git URL a line.",
    ),
]  # fmt: skip
Write = Annotated[bool, typer.Option("--write", help="Write the files; `--undo` takes it back.")]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Write a migrated copy of each repository below this folder.")
]
Branch = Annotated[str | None, typer.Option("--branch", metavar="NAME", help="Write on a new branch of each repository.")]
Commit = Annotated[bool, typer.Option("--commit", help="Commit what was written, in each repository.")]
Undo = Annotated[bool, typer.Option("--undo", help="Take back what --write wrote, with the same other options.")]
StateFolder = Annotated[
    Path | None,
    typer.Option("--state", metavar="DIR", help="Where to note what is done: a new folder. Default: a folder of its own."),
]
Fresh = Annotated[bool, typer.Option("--fresh", help="Forget an interrupted batch and start over.")]
Scheduler = Annotated[
    str | None, typer.Option("--scheduler", metavar="ADDRESS", help="Let a Dask cluster do the work: tcp://host:8786.")
]
Form = Annotated[
    RollupFormat | None,
    typer.Option("--format", help="Format of the roll-up. Default: what the name of --output says, else text."),
]


def batch(
    ctx: typer.Context,
    targets: Targets,
    write: Write = False,
    out: Out = None,
    branch: Branch = None,
    commit: Commit = False,
    allow_dirty: options.AllowDirty = False,
    undo: Undo = False,
    unsafe: options.Unsafe = False,
    to: options.To = None,
    select: options.Select = None,
    ignore: options.Ignore = None,
    rules: options.Rules = None,
    docs: options.Docs = False,
    emit_helpers: options.EmitHelpers = False,
    state: StateFolder = None,
    fresh: Fresh = False,
    jobs: options.Jobs = None,
    scheduler: Scheduler = None,
    cache: options.Cache = True,
    cache_dir: options.CacheDir = None,
    form: Form = None,
    output: options.Output = None,
    debug: options.Debug = False,
) -> None:
    """Migrate many repositories; by default only look, and write nothing to them.

    --write, --out, --branch and --commit write. A repository or file that fails never stops the others. The same command
    goes on where an interrupted one stopped; a finished one starts over.
    """
    from kmigrate.applying import check_outside
    from kmigrate.batch.delivery import DryRun
    from kmigrate.batch.repositories import find, left_out
    from kmigrate.batch.rollup import rollup
    from kmigrate.batch.run import Batch, run
    from kmigrate.batch.state import State, place
    from kmigrate.batch.undo import take_back
    from kmigrate.batch.watch import Watch
    from kmigrate.cli.output import check_output
    from kmigrate.execution.pool import opened
    from kmigrate.runner import check

    settings = options.settings(to, unsafe, select, ignore, rules, docs, emit_helpers=emit_helpers)
    check_output(output, *targets)
    check(settings)
    way = _way(write or undo, out, branch, commit, allow_dirty)
    asked = {"targets": [str(target.absolute()) for target in targets], "settings": repr(settings), "way": repr(way)}
    repositories = find(targets)
    if out is not None:
        check_outside([repository.path for repository in repositories if repository.path is not None], out)
    names = [repository.name for repository in repositories]
    for told in left_out(targets):
        print(f"kmigrate: note: {told}", file=sys.stderr)
    with closing(State(state or place(asked), asked, fresh=fresh)) as kept:
        if undo:
            raise typer.Exit(take_back(kept, sys.stdout, partial(print, file=sys.stderr)))
        watch = Watch(repositories, kept, sys.stderr)
        with opened(jobs, scheduler, watch.tell) as pool:
            work = Batch(settings, way, kept, pool, watch.tell, options.kept(cache, cache_dir))
            run(repositories, work, watch.finished)
        found = rollup(names, kept, dry=isinstance(way, DryRun))
        _emit(found, form or _by_name(output), output)
        kept.complete()
        if any(record.run for record in kept.records(names)):
            print(f"{_undoing(ctx)} takes back what was written.", file=sys.stderr)
    raise typer.Exit(_verdict(found))


def _undoing(ctx: typer.Context) -> str:
    """The command that takes back what this one wrote: the same options lead to the same record of it."""
    said = (argument for argument in ctx.meta[ARGUMENTS] if argument != "--fresh")
    return f"`{shlex.join(('kmigrate', 'batch', *said, '--undo'))}`"


def _way(write: bool, out: Path | None, branch: str | None, commit: bool, allow_dirty: bool) -> Way:
    from kmigrate.batch.delivery import Copies, DryRun, InPlace, ToGit

    if out is not None:
        if write or branch is not None or commit:
            raise InvalidSetting("--out does not go with --write, --branch and --commit", hint="leave one out")
        return Copies(out.absolute())
    if branch is not None or commit:
        if allow_dirty:
            raise InvalidSetting("--allow-dirty does not go with --branch and --commit", hint="commit or stash first")
        return ToGit(branch, commit)
    return InPlace(allow_dirty) if write else DryRun()


def _by_name(output: Path | None) -> RollupFormat:
    ending = output.suffix.lower().removeprefix(".") if output is not None else ""
    return next((form for form in RollupFormat if form.value == ending), RollupFormat.TEXT)


def _emit(found: Rollup, form: RollupFormat, output: Path | None) -> None:
    from kmigrate.batch.forms import text
    from kmigrate.cli.output import stream

    if form is RollupFormat.TEXT and output is None:
        stream(text.render(found, shutil.get_terminal_size().columns), output)
    else:
        stream(import_module(f"kmigrate.batch.forms.{form.value}").render(found), output)


def _verdict(found: Rollup) -> Exit:
    from kmigrate.batch.records import Ended
    from kmigrate.cli.diff import verdict
    from kmigrate.results import Outcome

    totals = found.totals
    failed = totals.repositories[Ended.FAILED] or totals.repositories[Ended.INCOMPLETE]
    left = sum(totals.reviews.values()) or (found.dry and totals.files[Outcome.CHANGED])
    return verdict(bool(failed), bool(left))
