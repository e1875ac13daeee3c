"""How do the old and the new lines of a hunk stand side by side, word by word?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise, zip_longest

from kmigrate.report.html.colours import Colours
from kmigrate.report.hunks import Hunk
from kmigrate.report.words import visible


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a line: its colour (empty for plain text), and `new` where it differs from the other side."""

    text: str
    colour: str
    new: bool

    def data(self) -> object:
        """The text, or [classes, text]: the first letter of the colour, and `+` where it differs."""
        classes = self.colour[:1] + ("+" if self.new else "")
        return [classes, self.text] if classes else self.text


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the view; a side without a number is empty."""

    changed: bool
    old_number: int | None
    old: tuple[Segment, ...]
    new_number: int | None
    new: tuple[Segment, ...]

    def data(self) -> list[object]:
        """[1 if changed else 0, old number, old segments, new number, new segments]."""
        old, new = [item.data() for item in self.old], [item.data() for item in self.new]
        return [int(self.changed), self.old_number, old, self.new_number, new]


def rows(hunk: Hunk, old_colours: Colours, new_colours: Colours) -> Iterator[Row]:
    """The rows of one hunk, changed lines beside each other; the colours are those of the texts whose lines it counts."""
    lines = hunk.lines
    old, new = hunk.start, hunk.new_start
    for block in (*hunk.blocks, None):
        until = block.start if block else hunk.end
        for line in lines[old:until]:
            segments = tuple(_segments(line, [], old_colours.of_line(old)))
            old, new = old + 1, new + 1
            yield Row(False, old, segments, new, segments)
        if block is None:
            return
        for before, after in zip_longest(lines[block.start : block.end], block.new):
            here, there = _differences(before, after)
            left = tuple(_segments(before, here, old_colours.of_line(old))) if before is not None else ()
            right = tuple(_segments(after, there, new_colours.of_line(new))) if after is not None else ()
            old, new = old + (before is not None), new + (after is not None)
            yield Row(True, old if before is not None else None, left, new if after is not None else None, right)


_Stretch = tuple[int, int]
_WORD = re.compile(r"\w+|\s+|.", re.DOTALL)


def _differences(before: str | None, after: str | None) -> tuple[list[_Stretch], list[_Stretch]]:
    """The stretches of both lines that differ, from word to word; lines that have little in common differ as a whole."""
    if before is None or after is None:
        return _whole(before), _whole(after)
    old, new = _WORD.findall(before.rstrip("\r\n")), _WORD.findall(after.rstrip("\r\n"))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < 0.3:
        return _whole(before), _whole(after)
    left, right = list[_Stretch](), list[_Stretch]()
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            left.append((len("".join(old[:i1])), len("".join(old[:i2]))))
            right.append((len("".join(new[:j1])), len("".join(new[:j2]))))
    return left, right


def _whole(line: str | None) -> list[_Stretch]:
    return [(0, len(line.rstrip("\r\n")))] if line else []


def _segments(line: str, differing: list[_Stretch], coloured: Iterator[tuple[int, int, str]]) -> Iterator[Segment]:
    length = len(line.removesuffix("\n").removesuffix("\r"))
    colours = list(coloured)
    cuts = {
        0,
        length,
        *(edge for pair in differing for edge in pair),
        *(edge for a, b, _ in colours for edge in (a, b)),
    }
    edges = sorted(cut for cut in cuts if cut <= length)
    for start, end in pairwise(edges):
        colour = next((kind for a, b, kind in colours if a <= start < b), "")
        new = any(a <= start < b for a, b in differing)
        yield Segment(visible(line[start:end]), colour, new)
