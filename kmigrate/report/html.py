"""The run as one page that needs nothing else: overview, reviews, and the diff side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

import kmigrate
from kmigrate.report import words
from kmigrate.report.hunks import Hunk, hunks
from kmigrate.report.model import Report
from kmigrate.report.words import visible
from kmigrate.results import Outcome, State


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a line; `new` where it differs from the other side."""

    text: str
    new: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the side-by-side view; a side without a number is empty."""

    kind: str
    old_number: int | None
    old: tuple[Part, ...]
    new_number: int | None
    new: tuple[Part, ...]


def render(report: Report) -> str:
    """The page."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("kmigrate.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    gaps = [(file, use) for file in report.files for use in words.gaps(file)]
    anchors = {id(file): f"diff-{number}" for number, file in enumerate(report.changed, 1)}
    return environment.get_template("report.html.j2").render(
        report=report, words=words, version=kmigrate.__version__, State=State, Outcome=Outcome, hunks=hunks, rows=rows,
        prose=prose, gaps=gaps,
        anchor=lambda file: anchors[id(file)],
    )  # fmt: skip


def rows(hunk: Hunk) -> Iterator[Row]:
    """The rows of one hunk, changed lines beside each other."""
    lines = hunk.lines
    old, new = hunk.start, hunk.new_start
    for block in (*hunk.blocks, None):
        until = block.start if block else hunk.end
        for line in lines[old:until]:
            old, new = old + 1, new + 1
            same = (Part(visible(line), False),)
            yield Row("same", old, same, new, same)
        if block is None:
            return
        for before, after in zip_longest(lines[block.start : block.end], block.new):
            left, right = _compared(before, after)
            old, new = old + (before is not None), new + (after is not None)
            yield Row("changed", old if before is not None else None, left, new if after is not None else None, right)


def prose(text: str) -> tuple[Part, ...]:
    """A text with `code` in it: the code is `new`."""
    return tuple(Part(part, number % 2 == 1) for number, part in enumerate(text.split("`")) if part)


_WORD = re.compile(r"\w+|\s+|.")


def _compared(before: str | None, after: str | None) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    if before is None or after is None:
        return _whole(before), _whole(after)
    old, new = _WORD.findall(visible(before)), _WORD.findall(visible(after))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < 0.3:
        return _whole(before), _whole(after)
    left, right = list[Part](), list[Part]()
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        left.append(Part("".join(old[i1:i2]), tag != "equal"))
        right.append(Part("".join(new[j1:j2]), tag != "equal"))
    return tuple(part for part in left if part.text), tuple(part for part in right if part.text)


def _whole(line: str | None) -> tuple[Part, ...]:
    return () if line is None else (Part(visible(line), True),)
