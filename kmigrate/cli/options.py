"""Which options do the commands share, and how do they become settings?"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kmigrate.cli import completion
from kmigrate.config import Settings
from kmigrate.errors import InvalidSetting
from kmigrate.lookup import is_folder, is_there

if TYPE_CHECKING:
    from kmigrate.cache.store import Store


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
AnyPaths = Annotated[
    list[Path] | None, typer.Argument(metavar="[PATH...]", help="Files and folders; the working directory by default.")
]
Unsafe = Annotated[bool, typer.Option("--unsafe/--no-unsafe", help="Also make changes whose equality could not be proven.")]
To = Annotated[
    str | None,
    typer.Option(
        "--to", metavar="VERSION", help="Keras 2 version to run on. Default: one text for 2.2.4 to 2.15.",
        autocompletion=completion.versions,
    ),
]
Select = Annotated[
    list[str] | None,
    typer.Option(
        "--select", metavar="ID", help="Only these rules, by id or prefix; repeatable, comma separated.",
        autocompletion=completion.rules,
    ),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option(
        "--ignore", metavar="ID", help="Not these rules, by id or prefix; repeatable, comma separated.",
        autocompletion=completion.rules,
    ),
]
Rules = Annotated[
    list[Path] | None, typer.Option("--rules", metavar="DIR", help="Folder with rules of your own; repeatable.")
]
Form = Annotated[
    Format | None,
    typer.Option("--format", help="Format of the report. Default: what the name of --output says, else text."),
]
Output = Annotated[
    Path | None, typer.Option("--output", metavar="FILE", help="Write the report to a file instead of the terminal.")
]
StdinName = Annotated[
    str | None,
    typer.Option("--stdin-filename", metavar="NAME", help="Where the text on standard input comes from."),
]
Docs = Annotated[
    bool, typer.Option("--docs/--no-docs", help="Also look into the Python blocks of .md and .rst files below folders.")
]
Todo = Annotated[
    bool,
    typer.Option("--todo/--no-todo", help="Also write a comment above each statement that is left to do by hand."),
]
EmitHelpers = Annotated[
    bool,
    typer.Option("--emit-helpers/--no-emit-helpers", help="Also write a module with the layers that Keras 2 lacks, and use it."),
]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="REV", help="Only files that changed since git left this revision, new ones included."),
]
AllowDirty = Annotated[
    bool, typer.Option("--allow-dirty/--no-allow-dirty", help="Also write files with changes that git does not have.")
]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", "-j", metavar="N", min=1, help="At most so many processes. Default: one per processor."),
]
Cache = Annotated[
    bool, typer.Option("--cache/--no-cache", help="Take results of earlier runs where nothing changed that counts.")
]
CacheDir = Annotated[
    Path | None, typer.Option("--cache-dir", metavar="DIR", help="Where to keep results. Default: the user's cache folder.")
]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]


def settings(
    to: str | None,
    unsafe: bool,
    select: Iterable[str] | None,
    ignore: Iterable[str] | None,
    rules: Iterable[Path] | None,
    docs: bool = False,
    todo: bool = False,
    emit_helpers: bool = False,
) -> Settings:
    """The settings that the options ask for."""
    folders = tuple(rules or ())
    for folder in folders:
        if (wrong := lacks_rules(folder)) is not None:
            raise InvalidSetting(f"--rules: {wrong}", hint="name a folder with rule files")
    return Settings(to, unsafe, _ids(select), _ids(ignore), folders, docs, todo, emit_helpers)


def lacks_rules(folder: Path) -> str | None:
    """Why no rules come from a folder; None where it has files of rules: one is enough to know."""
    if not folder.is_dir():
        return f"`{folder}` is not a folder"
    return None if any(folder.rglob("*.y*ml")) else f"`{folder}` holds no .yaml file"


def by_name(output: Path | None, *, plans: bool = False) -> Format:
    """The format that the name of a file speaks of; `plans` where a run can end in one."""
    if output is None:
        return Format.TEXT
    if plans and output.suffix.lower() == ".json" and "plan" in output.stem.lower():
        return Format.PLAN
    return _BY_SUFFIX.get(output.suffix.lower(), Format.TEXT)


_BY_SUFFIX = {
    ".json": Format.JSON, ".html": Format.HTML, ".htm": Format.HTML, ".md": Format.MARKDOWN, ".sarif": Format.SARIF,
    ".xml": Format.JUNIT, ".diff": Format.DIFF, ".patch": Format.DIFF,
}  # fmt: skip


def kept(cache: bool, cache_dir: Path | None) -> Store | None:
    """Where results of earlier runs are looked for; None for nowhere."""
    return stored(cache_dir) if cache else None


def stored(cache_dir: Path | None) -> Store:
    """The results of earlier runs in a folder, or in the user's; raises InvalidSetting where there can be no such folder."""
    from kmigrate.cache.store import store

    if cache_dir is not None and not is_folder(cache_dir):
        folder = cache_dir.absolute()
        above = next(path for path in (folder, *folder.parents) if is_there(path))
        if not is_folder(above):
            raise InvalidSetting(f"--cache-dir: `{above}` is not a folder", hint="name a folder, which need not be there yet")
        if not os.access(above, os.W_OK | os.X_OK):
            hint = "name another folder, or leave --cache-dir out"
            raise InvalidSetting(f"--cache-dir: `{cache_dir}` cannot be made: `{above}` takes no new folder", hint=hint)
    return store(cache_dir)


def narrowed(paths: list[Path], since: str | None, docs: bool = False) -> list[Path]:
    """The files below the paths that changed since a revision of git; the paths themselves where none is named."""
    if since is None:
        return paths
    from kmigrate.git import changed_since
    from kmigrate.source.discovery import discover

    found = discover(paths, docs=docs)
    roots = {item.root for item in found}
    changed = frozenset[Path]().union(*(changed_since(root, since) for root in roots))
    left = [item.path for item in found if Path(os.path.realpath(item.path)) in changed]
    if not left:
        print(f"No file changed since {since}.", file=sys.stderr)
    return left


def reads_stdin(paths: Sequence[Path], since: str | None = None, name: str | None = None) -> bool:
    """Whether the run is about standard input, whose text has the name; refuses options that do not go with what is read."""
    stdin = Path("-") in paths
    if stdin and len(paths) > 1:
        raise InvalidSetting("`-` (standard input) cannot be mixed with other paths", hint="run kmigrate twice")
    if stdin and since is not None:
        raise InvalidSetting("--since goes with files and folders, not with `-`", hint="leave it out")
    if name is not None and not stdin:
        hint = "give `-` as the path, or leave it out"
        raise InvalidSetting("--stdin-filename goes with `-`, and nothing is read from standard input", hint=hint)
    return stdin


def _ids(values: Iterable[str] | None) -> tuple[str, ...]:
    return tuple(id.strip().upper() for value in values or () for id in value.split(",") if id.strip())
