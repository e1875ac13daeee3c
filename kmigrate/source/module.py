"""Where in the text a syntax node stands: one syntax tree over one source, positions as character offsets."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property

from kmigrate.edits import Span
from kmigrate.source.text import Source


@dataclass(frozen=True)
class Module:
    """A source and its syntax tree."""

    source: Source
    tree: ast.Module

    @cached_property
    def text(self) -> str:
        """The text of the source."""
        return self.source.text

    def offset(self, line: int, column: int) -> int:
        """The character offset of `column` (UTF-8 bytes from 0, as in `ast`) of `line` (from 1)."""
        starts = self._starts
        start = starts[line - 1]
        if self._ascii:
            return start + column
        end = starts[line] if line < len(starts) else len(self.source.text)
        content = self.source.text[start:end]
        if content.isascii():
            return start + column
        return start + len(content.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "surrogatepass"))

    def start(self, node: ast.expr | ast.stmt | ast.keyword | ast.alias | ast.arg) -> int:
        """Offset of the first character of `node` (decorators excluded)."""
        return self.offset(node.lineno, node.col_offset)

    def end(self, node: ast.expr | ast.stmt | ast.keyword | ast.alias | ast.arg) -> int:
        """Offset behind the last character of `node`."""
        assert node.end_lineno is not None and node.end_col_offset is not None
        return self.offset(node.end_lineno, node.end_col_offset)

    def span(self, node: ast.expr | ast.stmt | ast.keyword | ast.alias | ast.arg) -> Span:
        """The stretch of text of `node`, without parentheses around it."""
        if not self._ascii:
            return Span(self.start(node), self.end(node))
        assert node.end_lineno is not None and node.end_col_offset is not None
        starts = self._starts
        return Span(starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset)

    def segment(self, node: ast.expr | ast.stmt | ast.keyword | ast.alias | ast.arg) -> str:
        """The text of `node`."""
        return self.text[self.start(node) : self.end(node)]

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return self.source.line_starts

    @cached_property
    def _ascii(self) -> bool:
        return self.source.ascii
