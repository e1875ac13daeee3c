"""Which rule does a file hold?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kmigrate.ruleset.document import Document, RuleFileError, read_document

if TYPE_CHECKING:
    from kmigrate.ruleset.schema import Rule

SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, eq=False)
class RuleFile:
    """A rule and the document that says it; the same object for as long as the file stays as it is."""

    path: Path
    rule: Rule
    document: Document


def rule_paths(folder: Path) -> Iterator[Path]:
    """The rule files of a folder and the folders below it, in order; hidden ones are passed over."""
    for path in sorted(folder.rglob("*.y*ml")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix in SUFFIXES and not hidden:
            yield path


def read_rule(path: Path) -> RuleFile:
    """The rule in the file; RuleFileError, with every problem and its line, when it breaks the rule language.

    A file is read again only after it changed.
    """
    try:
        status = path.stat()
    except OSError:
        return _read_rule(path, 0, -1)
    return _read_rule(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=4096)
def _read_rule(path: Path, modified: int, size: int) -> RuleFile:
    from pydantic import ValidationError

    from kmigrate.ruleset.schema import Rule

    document = read_document(path)
    try:
        return RuleFile(path, Rule.model_validate(document.data), document)
    except ValidationError as error:
        from kmigrate.ruleset.complaints import complaints

        raise RuleFileError(path, list(complaints(document, error, Rule))) from None
