"""Which files can speak of Keras: those that name it, and those that import a module that does, also at second hand."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

KERAS = b"keras"


class Mentions(NamedTuple):
    """What the bytes of one file tell without parsing: whether they name Keras, else which modules they may import.

    `silent` are the bytes of a file that does not name Keras, without pictures; none of one that does.
    """

    path: Path
    keras: bool
    silent: bytes = b""

    @property
    def imports(self) -> frozenset[str]:
        """The names in its import statements, too many rather than too few: a name too much costs time, nothing else."""
        return frozenset(_imported(self.path, self.silent))


def mentions(path: Path, data: bytes) -> Mentions:
    """A quick look at a file."""
    code = without_pictures(path, data)
    return Mentions(path, True) if _NAMES_KERAS(code) else Mentions(path, False, code)


def without_pictures(path: Path, data: bytes) -> bytes:
    """A file, if it is a notebook without its pictures: most of the bytes of many notebooks."""
    if os.fspath(path)[-6:].lower() != ".ipynb":
        return data
    for picture in _PICTURES:
        parts: list[bytes] = []
        end = 0
        while (start := data.find(picture, end)) >= 0:
            parts.append(data[end:start])
            end = data.find(b'"', start + len(picture))
            if end < 0:
                return data
        data = b"".join((*parts, data[end:])) if parts else data
    return data


def may_speak_keras(files: Mapping[Path, Mentions]) -> frozenset[Path]:
    """The files that name Keras, and those that import one of them by the last part of its name, transitively."""
    speaking = {path for path, seen in files.items() if seen.keras}
    if not speaking:
        return frozenset()
    silent = [(seen, _words(seen)) for seen in files.values() if not seen.keras]
    new = speaking
    while new:
        names = {module_name(path) for path in new}
        new = {
            seen.path for seen, words in silent
            if (words is None or not names.isdisjoint(words)) and not names.isdisjoint(seen.imports)
        }  # fmt: skip
        if new:
            speaking |= new
            silent = [item for item in silent if item[0].path not in new]
    return frozenset(speaking)


def module_name(path: Path) -> str:
    """The last part of the name that the file is imported by."""
    return path.parent.name if path.name == "__init__.py" else path.stem


_BLANKS = bytes(byte if byte > 127 or bytes([byte]).isalnum() or byte == ord("_") else 32 for byte in range(256))
"""Makes blanks of all that is in no name."""

_PICTURES = (b'"iVBORw0KGgo', b'"/9j/')
"""How a PNG and a JPEG begin as strings of JSON: base64 of the bytes that every one begins with."""

_BEFORE = re.compile(
    rb"""(?:^|[;:>"]|\\n)[ \t\f]*  # the line begins there, a string of JSON, a line in one, a prompt, or another statement ends
        (?:from(?:[ \t]|\\\r?\n)+(\.*)(?:[ \t]|\\\r?\n)*([\w.]*)(?:[ \t]|\\\r?\n)*)?\Z""",
    re.VERBOSE,
)
"""What stands before `import`."""

_BEHIND = re.compile(
    rb"""\b[ \t]*\((?:[^)#]|\#(?:[^\n\\]|\\(?!n))*(?:\n|\\n))*\)  # a list in parentheses, with comments
        |\b[^\n;#"\\]*(?:\\(?:\r?\n|\\\\n(?:",\s*")?)[^\n;#"\\]*)*  # else a line, and those that continue it""",
    re.VERBOSE,
)
_NAMES_KERAS = re.compile(KERAS).search
"""Half again as quick as `in`, as few bytes are a `k`."""

_IMPORTS = re.compile(b"mport").finditer
"""Begins with a byte that is rarer than an `i`."""

_MAGIC, _BUILTIN = b"%run", b"execfile"
"""What runs a file by its path, which follows within _PATH bytes."""

_RUNS_FILE = re.compile(_BUILTIN[1:]).search
"""Begins with a byte that is as rare; what stands before it counts for little."""

_PATH = 100

_FAR = 500
"""Bytes before the word `import` in which its statement begins."""

_NAME = re.compile(rb"\bas[ \t]+\w+|#(?:[^\n\\]|\\(?!n))*|\\n|(\w+)")
"""A name; nothing for what it is called here, for comments, and for the end of a line in a string of JSON."""


def _words(seen: Mentions) -> list[str] | None:
    """The words on all lines with `import`, `imports` among them; None where a statement goes on, or runs a file.

    Nearly always, they are enough to tell that a file imports nothing of interest. One line after the other is looked for,
    which is ten times as quick as to split the text.
    """
    data = seen.silent
    lines: list[bytes] = []
    end = 0
    for found in _IMPORTS(data):
        start = found.start()
        if start < end:
            continue
        line = data.rfind(b"\n", 0, start)
        end = data.find(b"\n", start)
        if end < 0:
            end = len(data)
        lines.append(data[line - 2 if line > 2 else 0 : end])  # with what ends the line before, where a statement may go on
    text = b"\n".join(lines)
    if b"\\" in text or b"(" in text or b"\r" in text or _runs(data):
        return None
    words = text.translate(_BLANKS).decode("latin-1").split()
    if b" ." in text or b"\t." in text:  # perhaps of a package around
        words += [folder.name for folder in seen.path.parents]
    return words


def _runs(data: bytes) -> bool:
    """Whether a file may run another one: there are few percent signs, and single bytes are found the quickest."""
    start = data.find(b"%")
    while start >= 0:
        if data.startswith(_MAGIC, start):
            return True
        start = data.find(b"%", start + 1)
    return _RUNS_FILE(data) is not None


def _imported(path: Path, data: bytes) -> Iterator[str]:
    """The names in import statements, and of files that are run.

    Looking for the word alone is quick; then what stands before it has to fit.
    """
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    parts: list[bytes] = []
    folders: list[str] = []
    end = 0
    while (start := data.find(b"import", end)) >= 0:
        end = start + 6
        far = start - _FAR if start > _FAR else 0
        line = data.rfind(b"\n", far, start) + 1 or far
        if data[line - 3 : line].rstrip().endswith(b"\\"):
            line = data.rfind(b"\n", far, line - 1) + 1 or far
        before = _BEFORE.search(data[line:start])
        behind = _BEHIND.match(data, end) if before is not None else None
        if before is None or behind is None:
            continue
        dots, module = before.groups(b"")
        parts += (module, behind.group())
        if 0 < len(dots) <= len(path.parents):
            folders.append(path.parents[len(dots) - 1].name)
    for word in (_MAGIC, _BUILTIN) if _runs(data) else ():
        parts += [rest[:_PATH].partition(b"\n")[0] for rest in data.split(word)[1:]]
    yield from folders
    yield from b" ".join(_NAME.findall(b"\n".join(parts))).decode("ascii").split()
