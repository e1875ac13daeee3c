"""Which files can speak of Keras: those that name it, and those that import a module that does, also at second hand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

KERAS = b"keras"

_BEFORE = re.compile(rb"(?:^|[;:])[ \t\f]*(?:from[ \t]+(\.*)[ \t]*([\w.]*)[ \t]*)?\Z")
_BEHIND = re.compile(rb"\b[ \t]*\((?:[^)#]|#[^\n]*)*\)|\b(?:\\\r?\n|[^\n;#])*")
_FAR = 500
"""Bytes before the word `import` in which its statement begins."""

_NAME = re.compile(rb"\w+")
_ALIAS = re.compile(rb"\bas[ \t]+\w+|#[^\n]*")


@dataclass(frozen=True, slots=True)
class Mentions:
    """What the bytes of one file tell without parsing: whether they name Keras, and the modules they may import."""

    keras: bool
    imports: frozenset[str] = frozenset()


def mentions(path: Path, data: bytes) -> Mentions:
    """A quick look at a file. The names are too many rather than too few: a name too much costs time, nothing else."""
    if KERAS in data:
        return Mentions(True)
    return Mentions(False, frozenset(_imported(path, data)))


def may_speak_keras(files: Mapping[Path, Mentions]) -> frozenset[Path]:
    """The files that name Keras, and those that import one of them by the last part of its name, transitively."""
    speaking = {path for path, seen in files.items() if seen.keras}
    names = {module_name(path) for path in speaking}
    silent = {path: seen.imports for path, seen in files.items() if not seen.keras and seen.imports}
    while True:
        more = {path for path, imports in silent.items() if not names.isdisjoint(imports)}
        if not more:
            return frozenset(speaking)
        speaking |= more
        names |= {module_name(path) for path in more}
        silent = {path: imports for path, imports in silent.items() if path not in more}


def module_name(path: Path) -> str:
    """The last part of the name that the file is imported by."""
    return path.parent.name if path.name == "__init__.py" else path.stem


def _imported(path: Path, data: bytes) -> Iterable[str]:
    """The names in import statements. Looking for the word alone is quick; then what stands before it has to fit."""
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    parts: list[bytes] = []
    folders: list[str] = []
    end = 0
    while (start := data.find(b"import", end)) >= 0:
        end = start + 6
        far = start - _FAR if start > _FAR else 0
        before = _BEFORE.search(data[data.rfind(b"\n", far, start) + 1 or far : start])
        behind = _BEHIND.match(data, end) if before is not None else None
        if before is None or behind is None:
            continue
        dots, module = before.groups(b"")
        parts += (module, behind.group())
        if 0 < len(dots) <= len(path.parents):
            folders.append(path.parents[len(dots) - 1].name)
    names = _NAME.findall(_ALIAS.sub(b"", b"\n".join(parts)))
    return [*folders, *b" ".join(names).decode("ascii").split()]
