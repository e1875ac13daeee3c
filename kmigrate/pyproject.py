"""What does `[tool.kmigrate]` in the project's pyproject.toml say, and in which line?"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kmigrate.config import Settings
from kmigrate.errors import InvalidSetting
from kmigrate.lookup import is_there
from kmigrate.ruleset.near import nearest


class Kind(Enum):
    """What the value of a key must be; the value says it in words."""

    TEXT = 'a text in quotes, such as "2.3.1"'
    FLAG = "true or false"
    NUMBER = "a whole number"
    TEXTS = 'a list of texts, such as ["KM101", "KM2"]'
    PATH = 'a path in quotes, such as "reports"'
    FOLDERS = 'a list of folders that exist, such as ["rules"]'


KEYS: Mapping[str, Kind] = MappingProxyType({
    "to": Kind.TEXT,
    "unsafe": Kind.FLAG,
    "select": Kind.TEXTS,
    "ignore": Kind.TEXTS,
    "rules": Kind.FOLDERS,
    "docs": Kind.FLAG,
    "todo": Kind.FLAG,
    "emit-helpers": Kind.FLAG,
    "since": Kind.TEXT,
    "out": Kind.PATH,
    "allow-dirty": Kind.FLAG,
    "comments": Kind.FLAG,
    "commit-per-rule": Kind.FLAG,
    "exit-zero": Kind.FLAG,
    "format": Kind.TEXT,
    "output": Kind.PATH,
    "jobs": Kind.NUMBER,
    "cache": Kind.FLAG,
    "cache-dir": Kind.PATH,
})  # fmt: skip
"""Each option of the command line by its long name. Paths are told from the folder of the file."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The value of a key, paths made absolute, and the line that says it."""

    value: Any
    line: int


@dataclass(frozen=True, slots=True)
class Configuration:
    """The table of one file; `path` is None where no file has one."""

    path: Path | None = None
    entries: Mapping[str, Entry] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        """What the table says of the settings that steer every run."""
        said = {key: entry.value for key, entry in self.entries.items()}
        return Settings(
            to=said.get("to"),
            unsafe=said.get("unsafe", False),
            select=tuple(id.upper() for id in said.get("select", ())),
            ignore=tuple(id.upper() for id in said.get("ignore", ())),
            rules=tuple(Path(folder) for folder in said.get("rules", ())),
            docs=said.get("docs", False),
            todo=said.get("todo", False),
            emit_helpers=said.get("emit-helpers", False),
        )

    def place(self, key: str) -> str:
        """`pyproject.toml:12`, where the key stands."""
        return f"{self.path}:{self.entries[key].line}"


def configuration(start: Path) -> Configuration:
    """The table of the nearest pyproject.toml that has one, in the folder `start` or above, within the git work tree.

    Raises InvalidSetting, with file and line, for an unknown key, a value of the wrong type, or TOML that is broken.
    """
    folder = start.absolute()
    for above in (folder, *folder.parents):
        found = _read(above / "pyproject.toml")
        if found is not None:
            return found
        if is_there(above / ".git"):
            break
    return Configuration()


def _read(path: Path) -> Configuration | None:
    try:
        data = path.read_bytes()
    except OSError:
        return None
    if b"kmigrate" not in data:
        return None
    text = data.decode("utf-8", "replace").replace("\r\n", "\n")
    table = _table(path, text)
    if table is None:
        return None
    lines = _lines(text, set(table))
    return Configuration(path, {key: _entry(path, key, value, lines[key]) for key, value in table.items()})


def _table(path: Path, text: str) -> dict[str, Any] | None:
    try:
        tool = _loads(text).get("tool")
    except ValueError as error:
        line = re.search(r"at line (\d+)", str(error))
        where = f"{path}:{line.group(1)}" if line else str(path)
        raise InvalidSetting(f"this is no TOML: {error}", where=where, hint="correct the file") from None
    table = tool.get("kmigrate") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise InvalidSetting("`tool.kmigrate` is no table", where=str(path), hint="write `[tool.kmigrate]` above its keys")
    return table


def _entry(path: Path, key: str, value: Any, line: int) -> Entry:
    where = f"{path}:{line}"
    kind = KEYS.get(key)
    if kind is None:
        hint = "`kmigrate config show` lists the keys"
        raise InvalidSetting(f"[tool.kmigrate] has no key `{key}`{nearest(key, KEYS)}", where=where, hint=hint)
    if not _is(kind, value, path.parent):
        raise InvalidSetting(f"`{key}` is {value!r}", where=where, hint=f"write {kind.value}")
    match kind:
        case Kind.PATH:
            return Entry(str(path.parent / value), line)
        case Kind.FOLDERS:
            return Entry([str(path.parent / item) for item in value], line)
        case _:
            return Entry(value, line)


def _is(kind: Kind, value: Any, base: Path) -> bool:
    match kind:
        case Kind.TEXT | Kind.PATH:
            return isinstance(value, str) and value != ""
        case Kind.FLAG:
            return isinstance(value, bool)
        case Kind.NUMBER:
            return isinstance(value, int) and not isinstance(value, bool)
        case Kind.TEXTS:
            return isinstance(value, list) and all(isinstance(item, str) and item for item in value)
        case Kind.FOLDERS:
            return _is(Kind.TEXTS, value, base) and all((base / item).is_dir() for item in value)


_HEADER = re.compile(r"\s*\[\s*tool\s*\.\s*kmigrate\s*\]")


def _lines(text: str, keys: set[str]) -> dict[str, int]:
    """The line in which each key starts: the first one that must be read before the parser knows the key.

    That is right in every way in which TOML can write the table; where it has a header, nothing above is read again.
    """
    found: dict[str, int] = {}
    lines = text.split("\n")
    first = start = next((number for number, line in enumerate(lines) if _HEADER.match(line)), 0)
    for end in range(first + 1, len(lines) + 1):
        if found.keys() == keys:
            break
        known = _known("\n".join(lines[first:end]))
        if known is None:
            continue
        said = next((number for number in range(start, end) if _speaks(lines[number])), start)
        found |= dict.fromkeys((known & keys) - found.keys(), said + 1)
        start = end
    return {key: found.get(key, first + 1) for key in keys}


def _known(text: str) -> set[str] | None:
    try:
        tool = _loads(text).get("tool", {})
    except ValueError:
        return None
    table = tool.get("kmigrate", {}) if isinstance(tool, dict) else {}
    return set(table) if isinstance(table, dict) else set()


def _speaks(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _loads(text: str) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    return tomllib.loads(text)
