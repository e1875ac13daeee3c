"""Where in the JSON text of a notebook do the strings of its code cells stand?"""

from __future__ import annotations

from dataclasses import dataclass
from json import JSONDecodeError
from typing import Any

from kmigrate.source.notebook.walk import BrokenNotebook, Walker


@dataclass(frozen=True, slots=True)
class Literal:
    """A JSON string: its span in the raw text, quotes included, and what it says."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class CodeCell:
    """A code cell: its number among all cells (from 1) and its source, a list of strings or one string."""

    number: int
    start: int
    end: int
    listed: bool
    literals: tuple[Literal, ...]

    @property
    def text(self) -> str:
        """The source of the cell."""
        return "".join(literal.text for literal in self.literals)


def code_cells(raw: str) -> tuple[CodeCell, ...]:
    """The Python cells of a notebook of nbformat 2 to 4; none if it is written in another language.

    Raises BrokenNotebook.
    """
    try:
        return _Scanner(raw).notebook()
    except JSONDecodeError as error:
        raise BrokenNotebook(error.lineno, f"this is not JSON: {error.msg.removesuffix(' starting at')}") from None
    except RecursionError:
        raise BrokenNotebook(1, "the JSON is nested too deeply") from None


@dataclass(slots=True)
class _Found:
    """What is known of one cell while its members are read, in whatever order they come."""

    kind: object = None
    language: object = None
    source: tuple[int, int, bool, tuple[Literal, ...]] | None = None


class _Scanner(Walker):
    """Walks the objects that lead to the sources and lets the JSON decoder skip all the rest."""

    def __init__(self, raw: str) -> None:
        super().__init__(raw)
        self.cells: list[CodeCell] = []
        self.seen = 0
        self.metadata: Any = None

    def notebook(self) -> tuple[CodeCell, ...]:
        start = self.blank(0)
        self.expect(start, "{", "a notebook is a JSON object")
        end = self.members(start, {
            "cells": lambda at: self.items(at, "cells", self.cell),
            "worksheets": lambda at: self.items(at, "worksheets", self.worksheet),
            "metadata": self.notebook_metadata,
        })  # fmt: skip
        if self.blank(end) != len(self.raw):
            raise JSONDecodeError("Extra data", self.raw, self.blank(end))
        return tuple(self.cells) if _is_python(self.metadata) else ()

    def worksheet(self, at: int) -> int:
        self.expect(at, "{", "a worksheet is a JSON object")
        return self.members(at, {"cells": lambda at: self.items(at, "cells", self.cell)})

    def notebook_metadata(self, at: int) -> int:
        self.metadata, end = self.value(at)
        return end

    def cell(self, at: int) -> int:
        self.expect(at, "{", "a cell is a JSON object")
        self.seen += 1
        found = _Found()

        def kind(at: int) -> int:
            found.kind, end = self.value(at)
            return end

        def language(at: int) -> int:
            found.language, end = self.value(at)
            return end

        def source(at: int) -> int:
            found.source = self.source(at)
            return found.source[1]

        end = self.members(at, {"cell_type": kind, "language": language, "source": source, "input": source})
        if found.kind == "code" and found.source is not None and found.language in (None, "python"):
            self.cells.append(CodeCell(self.seen, *found.source))
        return end

    def source(self, at: int) -> tuple[int, int, bool, tuple[Literal, ...]]:
        literals: list[Literal] = []

        def literal(at: int) -> int:
            text, end = self.value(at)
            if not isinstance(text, str):
                raise BrokenNotebook(self.line(at), "the source of a cell is a string or a list of strings")
            literals.append(Literal(at, end, text))
            return end

        listed = self.raw.startswith("[", at)
        end = self.items(at, "source", literal) if listed else literal(at)
        return at, end, listed, tuple(literals)


def _is_python(metadata: object) -> bool:
    """Whether the metadata names Python, or no language at all."""
    if not isinstance(metadata, dict):
        return True
    for key, name in (("kernelspec", "language"), ("language_info", "name")):
        part = metadata.get(key)
        language = part.get(name) if isinstance(part, dict) else None
        if isinstance(language, str) and language:
            return language.lower().startswith(("python", "ipython"))
    return True
