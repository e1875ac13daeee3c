"""Which options do the commands share, and how do they become settings?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from kmigrate.config import Settings
from kmigrate.errors import InvalidSetting


class Format(str, Enum):
    """Formats of a report."""

    TEXT = "text"
    DIFF = "diff"
    JSON = "json"
    HTML = "html"
    MARKDOWN = "markdown"
    SARIF = "sarif"
    GITHUB = "github"
    JUNIT = "junit"
    PLAN = "plan"


Paths = Annotated[
    list[Path], typer.Argument(metavar="PATH...", help="Files and folders; `-` is standard input.", show_default=False)
]
Unsafe = Annotated[bool, typer.Option("--unsafe", help="Also make changes whose equality could not be proven.")]
To = Annotated[
    str | None,
    typer.Option("--to", metavar="VERSION", help="Keras 2 version to run on. Default: one text for 2.2.4 to 2.15."),
]
Select = Annotated[
    list[str] | None,
    typer.Option("--select", metavar="ID", help="Only these rules, by id or prefix; repeatable, comma separated."),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option("--ignore", metavar="ID", help="Not these rules, by id or prefix; repeatable, comma separated."),
]
Rules = Annotated[
    list[Path] | None, typer.Option("--rules", metavar="DIR", help="Folder with rules of your own; repeatable.")
]
Form = Annotated[Format, typer.Option("--format", help="Format of the report.")]
Output = Annotated[
    Path | None, typer.Option("--output", metavar="FILE", help="Write the report to a file instead of the terminal.")
]
StdinName = Annotated[
    str | None,
    typer.Option("--stdin-filename", metavar="NAME", help="Where the text on standard input comes from."),
]
Docs = Annotated[
    bool, typer.Option("--docs", help="Also look into the Python blocks of .md and .rst files below folders.")
]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]


def settings(
    to: str | None,
    unsafe: bool,
    select: Iterable[str] | None,
    ignore: Iterable[str] | None,
    rules: Iterable[Path] | None,
    docs: bool = False,
) -> Settings:
    """The settings that the options ask for."""
    folders = tuple(rules or ())
    for folder in folders:
        if not folder.is_dir():
            raise InvalidSetting(f"--rules: `{folder}` is not a folder", hint="name a folder with rule files")
    return Settings(to, unsafe, _ids(select), _ids(ignore), folders, docs)


def reads_stdin(paths: Sequence[Path]) -> bool:
    """Whether the run is about standard input."""
    stdin = Path("-") in paths
    if stdin and len(paths) > 1:
        raise InvalidSetting("`-` (standard input) cannot be mixed with other paths", hint="run kmigrate twice")
    return stdin


def _ids(values: Iterable[str] | None) -> tuple[str, ...]:
    return tuple(id.strip().upper() for value in values or () for id in value.split(",") if id.strip())
