"""What does every command have: exit codes in its help, and options that the project's pyproject.toml may set."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from typer.core import TyperCommand

from kmigrate.cli.pages import set_width, write_exits
from kmigrate.errors import InvalidSetting, KmigrateError, UnknownRule, UnknownVersion
from kmigrate.lookup import is_folder
from kmigrate.pyproject import Entry, configuration

ARGUMENTS = "kmigrate.arguments"
"""Under this name a context knows what was on the command line behind the command."""


class Command(TyperCommand):
    """Ends the help with the exit codes; options that are not on the command line come from `[tool.kmigrate]`."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help."""
        set_width(self, formatter)
        super().format_help(ctx, formatter)
        write_exits(formatter)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the command line, with the values of the project as defaults."""
        if ctx.resilient_parsing:
            return super().parse_args(ctx, args)
        ctx.meta[ARGUMENTS] = tuple(args)
        given = self.make_parser(ctx).parse_args(list(args))[0]
        ctx.obj = said = configuration(_folder(given))
        names = keys_of(self.get_params(ctx))
        entries = _of_text(said.entries) if _is_stdin(given) else said.entries
        ctx.default_map = {names[key]: entry.value for key, entry in entries.items() if key in names}
        try:
            left = super().parse_args(ctx, args)
        except Exception as error:
            key = _culprit(error, ctx.default_map, given)
            if isinstance(message := getattr(error, "message", None), str):
                error.message = _plain(message)  # type: ignore[attr-defined]  # of a usage error
            if key is None:
                raise
            hint = f"correct `{key}`"
            raise InvalidSetting(str(getattr(error, "message", error)), where=said.place(key), hint=hint) from error
        _refuse_empty_paths(ctx.params, given)
        return left

    def invoke(self, ctx: Any) -> Any:
        """Run the command; an error about a value of the project names its line."""
        try:
            return super().invoke(ctx)
        except KmigrateError as error:
            _locate(error, ctx)
            raise


def keys_of(parameters: list[Any]) -> dict[str, str]:
    """The long names of the options without their dashes, with the names of the parameters behind them."""
    return {
        option.removeprefix("--"): parameter.name
        for parameter in parameters if parameter.param_type_name == "option"
        for option in parameter.opts if option.startswith("--")
    }  # fmt: skip


def _folder(given: dict[str, Any]) -> Path:
    """Where the project is looked for: the folder that holds all paths, or the text on standard input."""
    paths = given.get("paths") or []
    if _is_stdin(given):
        paths = [given["stdin_filename"]] if given.get("stdin_filename") else []
    folders = [path if is_folder(path) else path.parent for path in (Path(path).absolute() for path in paths)]
    return Path(os.path.commonpath(folders)) if folders else Path.cwd()


def _is_stdin(given: dict[str, Any]) -> bool:
    return list(map(str, given.get("paths") or [])) == ["-"]


def _of_text(entries: Mapping[str, Entry]) -> Mapping[str, Entry]:
    """What a project says that holds for a text on standard input as well; the rest is about its files."""
    return {key: entry for key, entry in entries.items() if key not in _OF_FILES and (key, entry.value) != ("format", "plan")}


_OF_FILES = ("since", "out", "commit-per-rule", "emit-helpers")


def _refuse_empty_paths(values: dict[str, Any], given: dict[str, Any]) -> None:
    """An empty path would be the working directory, which nobody means who gives a variable that is not set."""
    for name, said in given.items():
        if "" in _each(said) and Path() in _each(values.get(name)):
            raise InvalidSetting("a path is empty", hint="set the variable that it comes from; `.` is the working directory")


def _each(value: Any) -> Sequence[Any]:
    return value if isinstance(value, (list, tuple)) else (value,)


def _culprit(error: Exception, defaults: dict[str, Any], given: dict[str, Any]) -> str | None:
    parameter = getattr(error, "param", None)
    if parameter is None or parameter.name not in defaults or given.get(parameter.name) is not None:
        return None
    return next(iter(keys_of([parameter])), None)


def _plain(message: str) -> str:
    """What a wrong value should be, without the terms of the library that reads the command line."""
    for pattern, words in _PLAIN:
        message = pattern.sub(words, message)
    return message


_PLAIN = (
    (re.compile(r"^Value error, (.*?)\.?$"), r"\1"),
    (re.compile(r"^Input should be a valid integer.*"), "it must be a whole number"),
    (re.compile(r"^Input should be a valid number.*"), "it must be a number"),
    (re.compile(r"^Input should be greater than or equal to (\S+)"), r"it must be \1 or more"),
)


def _locate(error: KmigrateError, ctx: Any) -> None:
    """Name the line that says the value which no run takes, and its key for the option, where it is the project's that counts."""
    if error.where is not None:
        return
    names = keys_of(ctx.command.get_params(ctx))
    for key, entry in ctx.obj.entries.items():
        if key not in names or ctx.get_parameter_source(names[key]).name != "DEFAULT_MAP" or not _is_about(error, key, entry):
            continue
        error.where = error.where or ctx.obj.place(key)
        error.title = _option(key).sub(f"`{key}`", error.title)


def _is_about(error: KmigrateError, key: str, entry: Entry) -> bool:
    match error:
        case UnknownVersion():
            return key == "to" and entry.value in error.title
        case UnknownRule():
            return key in ("select", "ignore") and any(value.lower() in error.title.lower() for value in entry.value)
        case _:
            return _option(key).search(error.title) is not None


def _option(key: str) -> re.Pattern[str]:
    return re.compile(rf"--{key}(?![\w-])")
