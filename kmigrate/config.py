"""Which settings steer a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of a run, the same for the command line and the library.

    to: Keras 2 version the result must run on (`"2.3.1"`); None asks for one text for 2.2.4, 2.3.1 and 2.15 alike.
    unsafe: apply changes whose equality could not be proven.
    select, ignore: rule ids (`KM101`) or prefixes (`KM1`); an empty select means all.
    rules: folders with additional rules; a rule there replaces ours of the same id.
    docs: look for Markdown and reStructuredText files in folders, and migrate their Python blocks.
    emit_helpers: write a module with layers that Keras 2 does not have into the project, and use them.
    todo: write a comment `# TODO(kmigrate KM101): …` above each statement that is left to a person.
    """

    to: str | None = None
    unsafe: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    rules: tuple[Path, ...] = field(default=())
    docs: bool = False
    todo: bool = False
    emit_helpers: bool = False
