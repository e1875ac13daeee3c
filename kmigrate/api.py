"""What an editor, a notebook or a script calls: text in, result out; nothing here writes a file."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from kmigrate.config import Settings
from kmigrate.errors import PathNotFound, UnknownRule
from kmigrate.results import FileResult
from kmigrate.source.kinds import from_text


def migrate_text(
    text: str, path: str | os.PathLike[str] | None = None, *, settings: Settings | None = None
) -> FileResult:
    """Migrate a text by itself. No file is read or written; `path` is only a name for the result.

    A byte order mark at the start of the text becomes a property of the result's source. The text of a path that ends in
    `.ipynb` is the notebook's JSON; `before` and `after` are its cells, `to_bytes()` is the notebook. Of a path that ends in
    `.md` or `.rst`, the Python blocks are migrated.

    Raises UndecodableSource for a text that is no notebook.
    """
    from kmigrate.engine import Engine
    from kmigrate.execution.tasks import migrate_safely

    name = None if path is None else os.fspath(path)
    return migrate_safely(Engine(None, settings or Settings()), from_text(text, name), name)


def migrate_buffer(text: str, path: str | os.PathLike[str], *, settings: Settings | None = None) -> FileResult:
    """Migrate the unsaved text of a file in the light of the project around it, as `migrate_path` does with the text on disk.

    Other modules that import the file see this text. No file is written; `path` need not exist yet. Raises UndecodableSource
    for a text that is no notebook where the path ends in `.ipynb`.
    """
    from kmigrate.engine import Engine
    from kmigrate.execution.tasks import migrate_safely
    from kmigrate.source.discovery import root_around

    place = Path(path).absolute()
    return migrate_safely(Engine(root_around(place.parent), settings or Settings()), from_text(text, str(place)), os.fspath(path))


def migrate_path(path: str | os.PathLike[str], *, settings: Settings | None = None) -> FileResult:
    """Migrate one file in the light of the project around it; the file is not written."""
    from kmigrate.runner import run

    if Path(path).is_dir():
        raise PathNotFound(f"`{os.fspath(path)}` is a folder", hint="use `kmigrate.scan` for folders")
    return next(run([Path(path)], settings or Settings()))


def scan(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]], *, settings: Settings | None = None
) -> list[FileResult]:
    """Migrate all Python files below the paths; no file is written."""
    from kmigrate.runner import run

    given = [paths] if isinstance(paths, (str, os.PathLike)) else paths
    return list(run([Path(path) for path in given], settings or Settings()))


def modules(results: Iterable[FileResult]) -> list[FileResult]:
    """The modules of helper layers that results of `migrate_text` or `migrate_path` need (`Settings.emit_helpers`).

    Each is a file to be written besides, CREATED or CHANGED; `scan` has them in its list already.
    """
    from kmigrate.helpers.modules import modules as made

    return list(made(result.needed for result in results if result.needed is not None))


def settings_for(path: str | os.PathLike[str]) -> Settings:
    """What the project says in `[tool.kmigrate]` of its pyproject.toml about a file or folder of its, as settings.

    Nothing else in this library reads that file: an editor asks once and passes the settings to `migrate_text`. Raises
    InvalidSetting, with file and line.
    """
    from kmigrate.pyproject import configuration

    given = Path(path).absolute()
    return configuration(given if given.is_dir() else given.parent).settings


def explain(rule_id: str) -> str:
    """The page of a rule, in Markdown. Raises UnknownRule."""
    from kmigrate.ruleset import loader
    from kmigrate.ruleset.docs import explain as page_of

    for rule in loader.load_rules():
        if rule.id == rule_id:
            return page_of(rule)
    raise UnknownRule(f"no rule is called `{rule_id}`", hint="`kmigrate rules list` shows them all")
