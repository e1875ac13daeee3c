"""Which lines of a file, or of a cell of a notebook, change, next to which lines that stay, and because of which rules?"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import partial
from itertools import accumulate

from kmigrate.results import FileResult
from kmigrate.source.notebook.source import NotebookSource

CONTEXT = 3
"""So many unchanged lines are shown around a change."""


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of the old text `start..end` (from 0, end excluded) that give way to the lines `new`."""

    start: int
    end: int
    new: tuple[str, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hunk:
    """Blocks near each other with the lines around them: old lines `start..end` of `lines`, new lines from `new_start`.

    In a notebook, `lines` are those of the cell with the number `cell`.
    """

    start: int
    end: int
    new_start: int
    blocks: tuple[Block, ...]
    lines: Sequence[str]
    cell: int | None = None

    @property
    def new_length(self) -> int:
        """How many lines of the new text the hunk covers."""
        return self.end - self.start + sum(len(block.new) - (block.end - block.start) for block in self.blocks)

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules behind the hunk, in the order of the lines."""
        return tuple(dict.fromkeys(rule for block in self.blocks for rule in block.rules))

    def rows(self) -> Iterator[tuple[str, str]]:
        """(` `, `-` or `+`, line) as in a unified diff."""
        lines = self.lines
        position = self.start
        added: list[str] = []
        for block in self.blocks:
            if block.start > position:
                yield from (("+", line) for line in added)
                yield from ((" ", line) for line in lines[position : block.start])
                added = []
            yield from (("-", line) for line in lines[block.start : block.end])
            added += block.new
            position = block.end
        yield from (("+", line) for line in added)
        yield from ((" ", line) for line in lines[position : self.end])


@dataclass(frozen=True, slots=True)
class Part:
    """What lines are counted in: a file, or a cell of a notebook as a file of its own, whose last line ends.

    It begins at the offset `start` of the old text.
    """

    file: FileResult
    start: int = 0
    cell: int | None = None

    def hunks(self, context: int = CONTEXT) -> tuple[Hunk, ...]:
        """The hunks, from the first line to the last."""
        if self.file.before == self.file.after:
            return ()
        old = lines_of(self.file.before)
        return tuple(replace(hunk, cell=self.cell) for hunk in _grouped(_blocks(self.file, old), old, context))

    def distance(self, offset: int) -> int:
        """How far an offset of the old text is from here, 0 for one in here."""
        return max(self.start - offset, offset - self.start - len(self.file.before), 0)

    def line(self, offset: int) -> int:
        """The line (from 0) that an offset of the old text is on."""
        return self.file.before.count("\n", 0, max(0, offset - self.start))


def lines_of(text: str) -> list[str]:
    """The lines with their ends, as `patch` counts them: a lone carriage return ends no line."""
    lines = text.split("\n")
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def hunks(result: FileResult, context: int = CONTEXT) -> tuple[Hunk, ...]:
    """The hunks of a changed file, from its first line to its last; those of a notebook stay within their cells."""
    return tuple(hunk for part in parts(result) for hunk in part.hunks(context))


def parts(result: FileResult) -> Iterator[Part]:
    """The cells of a notebook, and any other file as it is."""
    if isinstance(result.source, NotebookSource):
        yield from _cells(result, result.source)
    else:
        yield Part(result)


def _cells(result: FileResult, source: NotebookSource) -> Iterator[Part]:
    new = source.contents(result.after)
    items = result.replacements
    for span in source.spans:
        here = tuple(
            item._replace(start=item.start - span.start, end=item.end - span.start)
            for item in items if span.start <= item.start and item.end <= span.end
        )  # fmt: skip
        before, after = result.before[span.start : span.end] + "\n", new[span.number] + "\n"
        cell = FileResult(result.path, result.outcome, before, after, replacements=here)
        yield Part(cell, span.start, span.number)


def _blocks(result: FileResult, old: list[str]) -> list[Block]:
    rough = list(_replaced(result, old))
    if _text(old, rough) != result.after:
        rough = [Block(0, len(old), tuple(lines_of(result.after)), ())]
    return [block for part in rough for block in _fine(part, old)]


def _replaced(result: FileResult, old: list[str]) -> Iterator[Block]:
    """Whole lines around the replacements; replacements that share a line give one block."""
    text, items = result.before, result.replacements
    starts = [0, *accumulate(map(len, old))]
    line_at = partial(bisect_right, starts if text.endswith("\n") else starts[:-1] or [0])
    index = 0
    while index < len(items):
        first = end = line_at(items[index].start) - 1
        position, new, rules = starts[first], "", dict[str, None]()
        while index < len(items) and (not rules or line_at(items[index].start) - 1 < end):
            item, index = items[index], index + 1
            new += text[position : item.start] + item.text
            rules |= dict.fromkeys(item.rules)
            position = item.end
            line = line_at(position) - 1
            whole = position == starts[line] and (not new or new.endswith("\n"))
            end = line if whole else min(line + 1, len(old))
        yield Block(first, end, tuple(lines_of(new + text[position : starts[end]])), tuple(rules))


def _fine(block: Block, old: list[str]) -> Iterator[Block]:
    """The lines of a block that really differ."""
    before = old[block.start : block.end]
    if len(before) <= 1 and len(block.new) <= 1:
        yield block
        return
    matcher = SequenceMatcher(None, before, block.new, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag != "equal":
            yield Block(block.start + start, block.start + end, block.new[new_start:new_end], block.rules)


def _grouped(blocks: Iterable[Block], lines: Sequence[str], context: int) -> Iterator[Hunk]:
    shift = 0
    group: list[Block] = []
    for block in blocks:
        if group and block.start - group[-1].end > 2 * context:
            hunk = _hunk(group, lines, context, shift)
            shift += hunk.new_length - (hunk.end - hunk.start)
            yield hunk
            group = []
        group.append(block)
    if group:
        yield _hunk(group, lines, context, shift)


def _hunk(group: list[Block], lines: Sequence[str], context: int, shift: int) -> Hunk:
    start = max(0, group[0].start - context)
    return Hunk(start, min(len(lines), group[-1].end + context), start + shift, tuple(group), lines)


def _text(old: list[str], blocks: list[Block]) -> str:
    out, position = list[str](), 0
    for block in blocks:
        out += old[position : block.start]
        out += block.new
        position = block.end
    return "".join(out + old[position:])
