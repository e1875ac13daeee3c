"""What is the syntax tree of an edited text, when only the statements that were edited are parsed again?

Parsing is the dearest part of proving a result, and most of a file stays as it was. Edited statements are parsed where they
stand, behind as many empty lines, and put among the old ones; inside of what holds blocks the same is done again.

Where lines came or went, the nodes behind them would have to move. They do not: every statement keeps the number of its first
line, and a table tells where in the new text each line starts. Of an edited statement that got longer, the last line holds all
the rest; of one that got shorter, the last lines are empty.
"""

from __future__ import annotations

import ast
import warnings
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from kmigrate.edits import Replacement
from kmigrate.source.edited import Edit, Run, edited_lines, first_line, last_line, runs
from kmigrate.source.text import LINE_END, Source

StatementT = TypeVar("StatementT", bound=ast.stmt)


@dataclass(frozen=True)
class Renumbered(Source):
    """An edited text whose lines are counted as they were before the edits."""

    starts: tuple[int, ...] = ()

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """Offsets at which the lines start, as the nodes of the tree count them."""
        return self.starts


@dataclass(frozen=True, slots=True)
class Reparsed:
    """A syntax tree, and the text by whose lines its nodes tell where they stand."""

    tree: ast.Module
    source: Renumbered


def reparsed(tree: ast.Module, before: Source, after: Source, replacements: Sequence[Replacement]) -> Reparsed | None:
    """The tree of `after`, sharing the nodes of `tree` that stand on lines without a replacement.

    None where this can't be told so cheaply: a statement does not parse by itself, or the last of a block went. Parse the whole
    text then: it gives the tree, or the reason.
    """
    reading = _Reading(before, after)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            body = reading.suite(tree.body, [*edited_lines(before.line_starts, replacements)])
        except (SyntaxError, ValueError):
            return None
    if body is None:
        return None
    source = Renumbered(after.path, after.text, after.encoding, after.bom, reading.line_starts())
    return Reparsed(ast.Module(body, []), source)


class _Piece(NamedTuple):
    """Edited lines of the old text, and the stretch of the new text that is in their place, with the starts of its lines."""

    first: int
    last: int
    start: int
    end: int
    lines: list[int]

    @property
    def surplus(self) -> int:
        """How many lines it has more than before."""
        return len(self.lines) - (self.last - self.first + 1)


@dataclass(slots=True)
class _Reading:
    """Reads what was edited of one text; `pieces` are what was parsed."""

    before: Source
    after: Source
    pieces: list[_Piece] = field(default_factory=list)

    def suite(self, body: Sequence[ast.stmt], edits: Sequence[Edit]) -> list[ast.stmt] | None:
        """The statements of a block after its edits; None where that can't be told. Raises SyntaxError."""
        if not body:
            return None
        found = list(body)
        parsed: list[tuple[Run, _Piece]] = []
        for run in reversed(runs(body, edits)):
            opened = self._opened(body[run.start], run.edits) if run.stop - run.start == 1 else None
            if opened is not None:
                found[run.start] = opened
                continue
            piece = self._piece(run)
            if piece is None:
                return None
            parsed.append((run, piece))
        if not parsed:
            return found
        statements = self._parsed([piece for _, piece in reversed(parsed)], body[0])
        for (run, _), listed in zip(parsed, reversed(statements), strict=True):
            found[run.start : run.stop] = listed
        self.pieces.extend(piece for _, piece in parsed)
        return found or None

    def line_starts(self) -> tuple[int, ...]:
        """Where the lines start in the new text, by their old numbers."""
        old = self.before.line_starts
        starts: list[int] = []
        shift = 0
        for piece in sorted(self.pieces):
            kept = old[len(starts) : piece.first - 1]
            starts += [start + shift for start in kept] if shift else kept
            starts += piece.lines[: piece.last - piece.first + 1]
            starts += [piece.end] * -piece.surplus
            shift = piece.end - self._end(piece.last)
        kept = old[len(starts) :]
        starts += [start + shift for start in kept] if shift else kept
        return tuple(starts)

    def _piece(self, run: Run) -> _Piece | None:
        """The lines of a run in the new text; None if they are not lines of their own there."""
        text = self.after.text
        start = self.before.line_starts[run.first - 1] + run.edits[0].before
        end = self._end(run.last) + run.edits[-1].behind
        ended = start == end or end == len(text) or text[end - 1] == "\n" or (text[end - 1] == "\r" and text[end] != "\n")
        if not ended or _goes_on(text, start) or _goes_on(text, end):
            return None
        return _Piece(run.first, run.last, start, end, _line_starts(text, start, end))

    def _end(self, line: int) -> int:
        """Where a line of the old text ends, its line end included."""
        starts = self.before.line_starts
        return starts[line] if line < len(starts) else len(self.before.text)

    def _opened(self, node: StatementT, edits: Sequence[Edit]) -> StatementT | None:
        """A statement of which only blocks were edited; None for all else."""
        if node.__class__ not in _OPENED:
            return None
        mark = len(self.pieces)
        changed = None
        rest = len(edits)
        for name in _BLOCKS:
            block: list[ast.stmt] = getattr(node, name, None) or []
            first, last = (first_line(block[0]), last_line(block[-1])) if block else (0, 0)
            inside = [edit for edit in edits if first <= edit.first and edit.last <= last]
            if not inside:
                continue
            new = self._block(node, block, inside)
            if new is None:
                break
            changed = changed or _copied(node)
            setattr(changed, name, new)
            rest -= len(inside)
        if changed is None or rest:
            del self.pieces[mark:]
            return None
        _end_with_last(changed)
        return changed

    def _block(self, node: ast.stmt, block: list[ast.stmt], edits: Sequence[Edit]) -> list[ast.stmt] | None:
        if isinstance(node, ast.If) and block[0].col_offset == node.col_offset:  # `elif`
            inner = self._opened(block[0], edits)
            return [inner] if inner is not None else None
        start = self.before.line_starts[block[0].lineno - 1]
        if not self.before.text[start : start + block[0].col_offset].isspace():  # on the line of `if` or `else`
            return None
        return self.suite(block, edits)

    def _parsed(self, pieces: Sequence[_Piece], sibling: ast.stmt) -> list[list[ast.stmt]]:
        """The statements of each piece of the block in which `sibling` stood. Raises SyntaxError."""
        text = self.after.text
        start = self.before.line_starts[sibling.lineno - 1]
        indentation = self.before.text[start : start + sibling.col_offset]
        together = [piece for piece in pieces if piece.surplus <= 0]
        numbers = [piece.first for piece in together]
        found: dict[int, list[ast.stmt]] = {}
        for statement in _statements(together, text, indentation):
            piece = together[bisect_right(numbers, first_line(statement)) - 1]
            if last_line(statement) > piece.last:
                raise SyntaxError("the edited lines belong together")
            found.setdefault(piece.first, []).append(statement)
        for piece in pieces:
            if piece.surplus > 0:
                found[piece.first] = _statements([piece], text, indentation)
                _shorten(found[piece.first], piece, text)
        return [found.get(piece.first, []) for piece in pieces]


def _statements(pieces: Sequence[_Piece], text: str, indentation: str) -> list[ast.stmt]:
    """The statements of pieces of one block, of which only the last may have more lines than before. Raises SyntaxError."""
    parts: list[str] = []
    line = pieces[0].first if pieces else 0
    for piece in pieces:
        part = text[piece.start : piece.end]
        if part.strip() and not part.startswith(indentation):
            raise SyntaxError("the edited lines are no part of the block any more")
        if part.endswith("\r"):  # which would be one line end with what follows
            part = part[:-1] + "\n"
        parts += ("\n" * (piece.first - line), part)
        line = piece.first + len(piece.lines)
    body = "".join(parts)
    if all(line.isspace() or line.lstrip().startswith("#") for line in body.splitlines(keepends=True)):
        return []
    if not indentation:
        return ast.parse("\n" * (pieces[0].first - 1) + body).body
    header, *rest = ast.parse("\n" * (pieces[0].first - 2) + "if 1:\n" + body).body
    assert isinstance(header, ast.If)
    if rest or header.orelse or header.body[0].col_offset != len(indentation):
        raise SyntaxError("the edited lines are no part of the block any more")
    return header.body


def _shorten(statements: Sequence[ast.stmt], piece: _Piece, text: str) -> None:
    """Let what stands behind the last line of a piece stand in that line."""
    begin = piece.lines[piece.last - piece.first]
    columns = [len(text[begin:start].encode("utf-8", "surrogatepass")) for start in piece.lines]
    for statement in statements:
        for node in ast.walk(statement):
            place: Any = node
            if "lineno" not in node._attributes:
                continue
            if place.lineno > piece.last:
                place.col_offset += columns[place.lineno - piece.first]
                place.lineno = piece.last
            if place.end_lineno > piece.last:
                place.end_col_offset += columns[place.end_lineno - piece.first]
                place.end_lineno = piece.last


def _line_starts(text: str, start: int, end: int) -> list[int]:
    """Where the lines between two offsets start."""
    starts: list[int] = []
    if "\r" in text[start:end]:
        starts = [start, *(match.end() for match in LINE_END.finditer(text, start, end))]
        return starts if starts[-1] < end else starts[:-1]
    while start < end:
        starts.append(start)
        start = text.find("\n", start, end) + 1 or end
    return starts


def _goes_on(text: str, end: int) -> bool:
    """Whether the line that ends here goes on in the next one because of a backslash."""
    return text[max(0, end - 3) : end].rstrip("\r\n").endswith("\\")


def _copied(node: StatementT) -> StatementT:
    new = node.__class__.__new__(node.__class__)
    new.__dict__.update(node.__dict__)
    return new


def _end_with_last(node: Any) -> None:
    """Let a statement end where the last of its blocks does."""
    for name in ("finalbody", "orelse", "handlers", "body"):
        block = getattr(node, name, None)
        if block:
            node.end_lineno, node.end_col_offset = block[-1].end_lineno, block[-1].end_col_offset
            return


_BLOCKS = ("body", "orelse", "finalbody")
_OPENED = frozenset({
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith,
    ast.Try,
})  # fmt: skip
"""Statements whose blocks are looked at one by one."""
