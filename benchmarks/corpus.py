"""Which files are measured: those of the folders that are named, else the samples and the programs in our rules."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kmigrate.ruleset.loader import load_rules
from kmigrate.source.text import Source, UndecodableSource

SAMPLES = Path(__file__).parents[1] / "samples"
KERAS = b"keras"


@dataclass(frozen=True, slots=True)
class Project:
    """The sources of one project that mention keras; `root` is None for programs that stand alone."""

    name: str
    root: Path | None
    sources: tuple[Source, ...]


def projects(folders: Sequence[Path]) -> list[Project]:
    """The projects to measure, those without a source that mentions keras left out."""
    found = [_folder(folder) for folder in folders] if folders else [*_samples(), _examples()]
    return [project for project in found if project.sources]


def _folder(folder: Path) -> Project:
    root = folder.resolve()
    return Project(folder.name, root, tuple(_sources(root)))


def _samples() -> Iterator[Project]:
    return (_folder(folder) for folder in sorted(SAMPLES.iterdir()) if folder.is_dir())


def _examples() -> Project:
    texts = dict.fromkeys(
        text
        for rule in load_rules()
        for example in rule.examples
        for text in (example.before, example.unchanged, example.review)
        if text is not None
    )
    return Project("examples of the rules", None, tuple(Source(None, text) for text in texts if _parses(text)))


def _sources(root: Path) -> Iterator[Source]:
    for path in sorted(path for path in root.rglob("*.py") if path.is_file()):
        data = path.read_bytes()
        if KERAS not in data:
            continue
        try:
            source = Source.from_bytes(data, str(path))
        except UndecodableSource:
            continue
        if _parses(source.text):
            yield source


def _parses(text: str) -> bool:
    """Whether Python 3 can parse it: the yardstick has to."""
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True
