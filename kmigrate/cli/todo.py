"""`kmigrate todo`: which `# TODO(kmigrate …)` comments are left, and away with them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kmigrate.cli import options
from kmigrate.cli.command import Command
from kmigrate.cli.writing import ending_with, undoing
from kmigrate.exits import Exit

if TYPE_CHECKING:
    from kmigrate.source.text import Source
    from kmigrate.todo.comment import Todo

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich", help="List or clear the comments that --todo wrote.")


@app.command("list", cls=Command)
def list_(paths: options.AnyPaths = None, debug: options.Debug = False) -> None:
    """List the TODO comments; exit code 1 where there are any."""
    from kmigrate.report.words import place, visible
    from kmigrate.results import FileResult, Outcome

    failed = found = False
    for file in _files(paths):
        failed |= file.problem is not None
        for todo in file.todos:
            found = True
            assert file.source is not None
            where = place(FileResult(file.shown, Outcome.CLEAN), file.source.place(todo.start + len(todo.indentation)))
            print(f"{visible(where)}  {todo.rule}  {todo.text}")
    raise typer.Exit(Exit.FAILED if failed else Exit.WORK_LEFT if found else Exit.CLEAN)


@app.command("clear", cls=Command)
def clear(paths: options.AnyPaths = None, debug: options.Debug = False) -> None:
    """Remove the TODO comments; all else stays as it is, to the byte. `kmigrate undo` takes it back."""
    from kmigrate.applying import apply
    from kmigrate.report import words
    from kmigrate.results import FileResult, Outcome
    from kmigrate.todo.clear import without

    files = list(_files(paths))
    results = [
        FileResult(file.shown, Outcome.CHANGED, file.source.text, without(file.source.text, file.todos), file.source)
        for file in files if file.source is not None and file.todos
    ]  # fmt: skip
    done, run = apply(results, allow_dirty=True)
    refused = [result for result in done if result.failure is not None]
    for result in refused:
        assert result.failure is not None
        print(f"kmigrate: error: {words.visible(result.path or '')}: {result.failure.reason}", file=sys.stderr)
    written = {result.path for result in done if result.failure is None}
    count = sum(len(file.todos) for file in files if file.shown in written)
    with ending_with(undoing(run)):
        print(f"{words.count(count, 'comment')} removed from {words.count(len(written), 'file')}.")
    raise typer.Exit(Exit.FAILED if refused or any(file.problem for file in files) else Exit.CLEAN)


@dataclass(frozen=True, slots=True)
class _File:
    shown: str
    source: Source | None
    todos: tuple[Todo, ...]
    problem: str | None


def _files(paths: list[Path] | None) -> Iterator[_File]:
    """The files that hold TODOs, and those that may hold some but cannot be read, with a word about it."""
    from kmigrate.reading import decode
    from kmigrate.report.words import visible
    from kmigrate.results import Failure
    from kmigrate.source.discovery import discover
    from kmigrate.todo.clear import MARK, todos

    for item in discover(paths or [Path()], docs=True):
        data, problem = b"", item.problem
        if problem is None:
            try:
                data = item.path.read_bytes()
            except OSError as error:
                problem = (error.strerror or str(error)).lower()
        source: Source | Failure | None = decode(data, str(item.path)) if MARK in data else None
        if isinstance(source, Failure):
            problem, source = source.reason, None
        try:
            found = todos(source) if source is not None else ()
        except (SyntaxError, ValueError, RecursionError) as error:
            found, problem = (), f"syntax error, so comments cannot be told from strings: {error}"
        if problem is not None:
            print(f"kmigrate: error: {visible(item.shown)}: {problem}", file=sys.stderr)
        if found or problem is not None:
            yield _File(item.shown, source, found, problem)
