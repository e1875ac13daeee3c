"""`kmigrate cache`: what is kept of earlier runs, and how it goes."""

from __future__ import annotations

import typer

from kmigrate.cli import options
from kmigrate.cli.command import Command

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode="rich", help="Show or clear the results that are kept of earlier runs."
)


@app.command("show", cls=Command)
def show(cache_dir: options.CacheDir = None, debug: options.Debug = False) -> None:
    """Tell where results are kept, for how many projects, and how large they are."""
    kept = options.stored(cache_dir)
    projects, size = kept.size()
    print(f"{kept.folder}: {_told(projects, size)}, at most {kept.limit / 1e6:.0f} MB")


@app.command("clear", cls=Command)
def clear(cache_dir: options.CacheDir = None, debug: options.Debug = False) -> None:
    """Forget the results of all earlier runs; the next one does the work again."""
    print(f"{_told(*options.stored(cache_dir).clear())} cleared")


def _told(projects: int, size: int) -> str:
    return f"results of {projects} {'run' if projects == 1 else 'runs'}, {size / 1e6:.1f} MB"
