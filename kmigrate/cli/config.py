"""`kmigrate config`: which values have the options here, and who says so?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import typer

from kmigrate.cli import options
from kmigrate.cli.command import Command, keys_of
from kmigrate.lookup import is_there
from kmigrate.pyproject import KEYS
from kmigrate.source.discovery import not_found, shown

app = typer.Typer(no_args_is_help=True, rich_markup_mode="rich", help="Show what the project says in pyproject.toml.")


class Show(Command):
    """Takes each option of each command, so that the command line of any of them can be asked about."""

    def get_params(self, ctx: Any) -> list[Any]:
        """The parameters of this command, and the options of all others that a project can set."""
        own = super().get_params(ctx)
        known = keys_of(own)
        return own + [
            parameter
            for parameter in _options(ctx.find_root().command)
            for key in keys_of([parameter])
            if key in KEYS and key not in known and not known.update({key: parameter.name})
        ]

    def invoke(self, ctx: Any) -> Any:
        """Print a line for each option; raises PathNotFound."""
        for path in ctx.params["paths"] or ():
            if str(path) != "-" and not is_there(path):
                raise not_found(path)
        names = keys_of(self.get_params(ctx))
        rows = [
            (f"{key} = {_toml(ctx.params[names[key]])}", _origin(ctx, key, names[key])) for key in KEYS if key in names
        ]
        width = max(len(said) for said, _ in rows)
        for said, origin in rows:
            print(f"{said:<{width}}  {origin}")


@app.command("show", cls=Show)
def show(paths: options.AnyPaths = None, debug: options.Debug = False) -> None:
    """Show the value of every option, and its origin: the default, a line of pyproject.toml, or the command line.

    It takes the options of all commands. The file is the nearest pyproject.toml with a table `tool.kmigrate`, at or above the
    folder that holds the paths and within the git work tree; a list on the command line replaces the one in the file.
    """
    raise AssertionError("Show prints")


def _options(group: Any) -> Iterator[Any]:
    for command in group.commands.values():
        if hasattr(command, "commands"):
            yield from _options(command)
        else:
            yield from (parameter for parameter in command.params if parameter.param_type_name == "option")


def _origin(ctx: Any, key: str, name: str) -> str:
    source = ctx.get_parameter_source(name)
    match source.name if source is not None else "DEFAULT":
        case "COMMANDLINE":
            return "command line"
        case "DEFAULT_MAP":
            return f"{shown(ctx.obj.path)}:{ctx.obj.entries[key].line}"
        case _:
            return "default"


def _toml(value: Any) -> str:
    if value is None:
        return "(none)"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_toml(item) for item in value)}]"
    return json.dumps(value) if isinstance(value, (bool, int)) else json.dumps(str(getattr(value, "value", value)))
