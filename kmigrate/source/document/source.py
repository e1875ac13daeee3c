"""How does a document look to the engine: a source like any other, of which only the Python blocks are code?"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from kmigrate.source.document.blocks import Block, Markup, code_blocks
from kmigrate.source.text import Source

SUFFIXES = (".md", ".markdown", ".rst")
"""How the names of documents end."""

_MARK = re.compile(r"[ \t]*(?:>|\.{3}|In ?\[)")


@dataclass(frozen=True)
class DocumentSource(Source):
    """A Markdown or reStructuredText file; its text is the whole of it, and places are those of the file."""

    @classmethod
    def from_bytes(cls, data: bytes, path: str | None = None) -> DocumentSource:
        """Read a document, which is UTF-8; raises UndecodableSource."""
        return cls.decoded(data, "utf-8", path)

    @property
    def markup(self) -> Markup:
        """The markup, by the name of the file."""
        return "rst" if (self.path or "").lower().endswith(".rst") else "markdown"

    def may_break(self, offset: int) -> bool:
        """Not behind the quote mark or the prompt of a document: the new line would stand in front of it."""
        line = self.position(offset).line
        return _MARK.match(self.text, self.line_starts[line - 1]) is None

    def part(self, offset: int) -> int:
        """Which of the blocks an offset belongs to, from 0; one between two blocks counts for the first."""
        return max(0, bisect_right([block.span.start for block in self.blocks], offset) - 1)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks that are, or may be, Python."""
        return code_blocks(self.text, self.markup)
