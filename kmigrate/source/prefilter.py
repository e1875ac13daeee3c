"""Which files can speak of Keras: those that name it, and those that import a module that does, also at second hand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

KERAS = b"keras"

_IMPORT = re.compile(
    rb"(?:^|[;:])[ \t\f]*(?:from[ \t]+(\.*)[ \t]*([\w.]*)[ \t]*\bimport\b"
    rb"[ \t]*(\((?:[^)#]|#[^\n]*)*\)|(?:\\\r?\n|[^\n;#])*)"
    rb"|import\b((?:\\\r?\n|[^\n;#])*))",
    re.MULTILINE,
)
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
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    for dots, module, names, modules in _IMPORT.findall(data):
        for name in _NAME.findall(_ALIAS.sub(b"", b" ".join((module, names, modules)))):
            yield name.decode("utf-8", errors="replace")
        if 0 < len(dots) <= len(path.parents):
            yield path.parents[len(dots) - 1].name
