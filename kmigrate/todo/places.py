"""Above which line can a comment for a use stand, and does a text with other comments still mean the same?"""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

from kmigrate.source.module import Module
from kmigrate.source.notebook.source import NotebookSource
from kmigrate.source.parsing import parse
from kmigrate.source.text import Source, UndecodableSource

_Statement = ast.stmt | ast.ExceptHandler
_COMPOUND = frozenset({"body", "cases"})


class Places:
    """The lines of a module above which a comment can stand."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.module = Module(source, parse(source))
        self.statements = [node for node in ast.walk(self.module.tree) if isinstance(node, _Statement)]
        self.crossed = dict(self._crossings())

    def line(self, offset: int) -> int | None:
        """The offset at which the line starts that holds the first word of the statement around `offset`.

        That of its first decorator, where it has any. None where there is no statement.
        """
        around = [node for node in self.statements if self._start(node) <= offset < self._end(node)]
        if not around:
            return None
        line = _first_line(max(around, key=lambda node: (self._start(node), -self._end(node))))
        while line in self.crossed or self._continues(line):
            line = self.crossed.get(line, line - 1)
        return self.source.line_starts[line - 1]

    def _continues(self, line: int) -> bool:
        """Whether the line before ends in a backslash."""
        if line < 2:
            return False
        before = self.source.text[self.source.line_starts[line - 2] : self.source.line_starts[line - 1]]
        return before.rstrip("\r\n").endswith("\\") and "#" not in before

    def _start(self, node: _Statement) -> int:
        return min(self.module.offset(node.lineno, node.col_offset), self.source.line_starts[_first_line(node) - 1])

    def _end(self, node: _Statement) -> int:
        assert node.end_lineno is not None and node.end_col_offset is not None
        return self.module.offset(node.end_lineno, node.end_col_offset)

    def _crossings(self) -> Iterator[tuple[int, int]]:
        """Lines that start inside an expression or a simple statement, with the line where that starts."""
        for node in ast.walk(self.module.tree):
            if isinstance(node, ast.expr) or (isinstance(node, ast.stmt) and not _COMPOUND & node.__dict__.keys()):
                assert node.end_lineno is not None
                yield from ((line, node.lineno) for line in range(node.lineno + 1, node.end_lineno + 1))


def same_meaning(source: Source, one: str, other: str) -> bool:
    """Whether two texts of a source have the same tree, and the second survives being written and read."""
    try:
        kept = replace(source, text=other)
        data = kept.encode(other)
        again = type(source).from_bytes(data, source.path)
        trees = [ast.dump(parse(replace(source, text=text))) for text in (one, other)]
    except (SyntaxError, ValueError, RecursionError, MemoryError, UndecodableSource):
        return False
    if not isinstance(source, NotebookSource) and (again.text, again.encoding) != (other, source.encoding):
        return False
    return trees[0] == trees[1]


def _first_line(node: _Statement) -> int:
    decorators = getattr(node, "decorator_list", ())
    return min((decorator.lineno for decorator in decorators), default=node.lineno)


def line_end(source: Source, start: int) -> str:
    """The line end of the line at `start`; the usual one of the source where the line has none."""
    starts = source.line_starts
    number = bisect_right(starts, start)
    if number == len(starts):
        return source.newline
    line = source.text[start : starts[number]]
    return line[len(line.rstrip("\r\n")) :]
