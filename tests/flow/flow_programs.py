"""The programs of programs.yaml, and what is said of each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kmigrate.referee.known import HEADER
from kmigrate.ruleset.document import read_document

VERSIONS = ("2.2.4", "2.3.1", "2.15.0")


@dataclass(frozen=True)
class Program:
    """One program; see the head of programs.yaml."""

    name: str
    program: str
    lines: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    unchanged: bool = False
    reviews: tuple[str, ...] = ()
    loose: bool = False
    versions: tuple[str, ...] = VERSIONS

    @property
    def text(self) -> str:
        """The program with the imports that it takes for granted."""
        return HEADER + self.program


def programs() -> list[Program]:
    """All programs."""
    data = read_document(Path(__file__).with_name("programs.yaml")).data
    return [Program(**{key: tuple(v) if isinstance(v, list) else v for key, v in item.items()}) for item in data]
