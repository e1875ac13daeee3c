"""Which commands are there, and what does `--help` say of them all?"""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import kmigrate
from kmigrate.cli import (
    BROKEN_PIPE,
    INTERRUPTED,
    apply,
    batch,
    cache,
    config,
    diff,
    explain_flow,
    lsp,
    migrate,
    review,
    rules,
    scan,
    todo,
    undo,
    verify,
)
from kmigrate.cli.command import Command
from kmigrate.cli.pages import set_width, write_exits


class Commands(TyperGroup):
    """The same for all commands. A broken pipe and Ctrl-C leave with their own codes, whatever typer makes of them."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help."""
        set_width(self, formatter)
        super().format_help(ctx, formatter)
        write_exits(formatter)

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as stopped:
            print(": ".join(("kmigrate: interrupted", *map(str, stopped.args))), file=sys.stderr)
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            raise typer.Exit(BROKEN_PIPE) from None


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def top(version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False) -> None:
    """Migrate Keras 1 source code to Keras 2 so that it computes the same numbers.

    Start with `kmigrate diff PATH`: it writes nothing. `kmigrate migrate PATH` writes, `kmigrate undo` takes it back.
    """
    if version:
        print(f"kmigrate {kmigrate.__version__}")
        raise typer.Exit


app.command("diff", cls=Command)(diff.diff)
app.command("migrate", cls=Command)(migrate.migrate)
app.command("scan", cls=Command)(scan.scan)
app.command("apply", cls=Command)(apply.apply)
app.command("review", cls=Command)(review.review)
app.command("batch", cls=Command)(batch.batch)
app.command("undo", cls=Command)(undo.undo)
app.command("explain-flow", cls=Command)(explain_flow.explain_flow)
app.command("verify", cls=Command)(verify.verify)
app.command("lsp", cls=Command)(lsp.lsp)
app.add_typer(rules.app, name="rules")
app.add_typer(todo.app, name="todo")
app.add_typer(config.app, name="config")
app.add_typer(cache.app, name="cache")
