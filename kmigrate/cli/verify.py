"""`kmigrate verify`: does the code compute the same before and after, on two real Kerases?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from kmigrate.cli import options
from kmigrate.cli.output import check_output, emit
from kmigrate.cli.progress import progress
from kmigrate.errors import InvalidSetting
from kmigrate.exits import Exit
from kmigrate.lookup import is_there

Project = Annotated[Path, typer.Argument(metavar="PATH", help="A project's folder, or one script.", show_default=False)]
Old = Annotated[
    str, typer.Option("--old", metavar="ENV", help="Keras 1 to run it on before: a version, or an environment's path.")
]
New = Annotated[str, typer.Option("--new", metavar="ENV", help="Keras 2 to run it on after the migration.")]
Seconds = Annotated[float, typer.Option("--seconds", min=1, help="How long a script may take on each.")]

Ordering = Annotated[
    Literal["th", "tf"] | None,
    typer.Option("--ordering", help="Order of the axes of images, if your keras.json says image_dim_ordering: th."),
]


def verify(
    path: Project,
    old: Old = "1.2.2",
    new: New = "2.3.1",
    seconds: Seconds = 300,
    ordering: Ordering = None,
    unsafe: options.Unsafe = False,
    to: options.To = None,
    select: options.Select = None,
    ignore: options.Ignore = None,
    rules: options.Rules = None,
    emit_helpers: options.EmitHelpers = False,
    form: options.Form = None,
    output: options.Output = None,
    debug: options.Debug = False,
) -> None:
    """Run the scripts of a project on Keras 1, and migrated on Keras 2, and compare their models.

    This runs your code, in two copies of the folder. Data sets, downloads and training become something tiny; every model
    that a script uses is compared by shapes, parameters, predictions with the same weights, and loss. `make environments`
    makes the Kerases.
    """
    from kmigrate.referee.project import Task
    from kmigrate.referee.project import verify as run_both
    from kmigrate.referee.scripts import scripts
    from kmigrate.report import text
    from kmigrate.report.model import Report
    from kmigrate.runner import run
    from kmigrate.source.discovery import not_found

    if not is_there(path):
        raise not_found(path)
    settings = options.settings(to, unsafe, select, ignore, rules, emit_helpers=emit_helpers)
    check_output(output)
    form = form or options.by_name(output)
    root = (path if path.is_dir() else path.parent).resolve()
    with progress() as show:
        results = tuple(run([path if path.is_dir() else path.parent], settings, progress=show))
    chosen = scripts(results, root) if path.is_dir() else [path.resolve().relative_to(root)]
    if not chosen:
        raise InvalidSetting(f"`{path}` holds no script that uses Keras", hint="name the file that is to be run")
    with progress() as show:
        verification = run_both(Task(root, results, tuple(chosen), seconds, ordering=ordering), old, new, show)
    report = Report.of(results, to, [path], verification=verification)
    emit(report, form, output, text.show_failures, text.show_verification)
    raise typer.Exit(Exit.CLEAN if verification.proven else Exit.WORK_LEFT)
