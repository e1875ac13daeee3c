"""The programs of programs.yaml, and their migrated text with the module of helper layers in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kmigrate.api import migrate_text
from kmigrate.config import Settings
from kmigrate.helpers.text import MODULE, text_of
from kmigrate.referee.known import HEADER
from kmigrate.results import FileResult
from kmigrate.ruleset.document import read_document

INSTALLED = """\
import sys, types
sys.modules[{name!r}] = types.ModuleType({name!r})
exec({text!r}, sys.modules[{name!r}].__dict__)
"""
"""What stands in for the file beside the program."""


@dataclass(frozen=True)
class Program:
    """One program, and the helper layers that it needs on Keras 2."""

    name: str
    program: str
    layers: tuple[str, ...]

    @property
    def text(self) -> str:
        """The program with the imports that it takes for granted."""
        return HEADER + self.program

    @property
    def migrated(self) -> FileResult:
        """What the migration makes of it, helper layers included."""
        return migrate_text(self.text, settings=Settings(emit_helpers=True))


def programs() -> list[Program]:
    """All programs."""
    data = read_document(Path(__file__).with_name("programs.yaml")).data
    return [Program(item["name"], item["program"], tuple(item["layers"])) for item in data]


def runnable(result: FileResult) -> str:
    """The migrated text with the module that it imports, as one program."""
    assert result.needed is not None
    return INSTALLED.format(name=MODULE, text=text_of(result.needed.layers)) + result.after
