"""Which logical lines may hold what only Python 2 reads? Only their tokens are worth a look: they are few, and tokens dear."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kmigrate.source.python2.lines import logical_lines


def doubtful_lines(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each logical line that needs painting, and of some that do not.

    Raises Unshadowable for brackets that do not match, and for strings and backslashes that make no sense.
    """
    marks = sorted(mark.start() for pattern in _MARKS for mark in pattern.finditer(text))
    marks.append(len(text))
    place = 0
    for start, end in logical_lines(text):
        if marks[place] >= end:
            continue
        first = place
        while marks[place] < end:
            place += 1
        if any(_counts(text, start, end, mark) for mark in marks[first:place]):
            yield start, end


_CONSTANT = r"(?:True|False|None)\b"
_SPACE = r"(?:\s|\\|\#[^\r\n]*(?![^\r\n]))"
_MARKS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:print|exec|except|raise|lambda|def|for|async|await|nonlocal)\b",
        rf"{_CONSTANT}(?:[,)]|{_SPACE})*=(?!=)",
        rf"\.{_SPACE}*{_CONSTANT}",
        rf"class{_SPACE}+{_CONSTANT}",
        r"<>",
        r"`|\$|\?|!(?!=)",
        r"\\[uUN]",
        r"0\d(?<![\w.]..)",
        r"0[xX][\da-fA-F_]+[lL]",
        r"l(?<=\d.)|L(?<=\d.)",
        r"""b[rR]?["']|B[rR]?["']|u[rR]["']|U[rR]["']""",
    )
)
"""Whatever one of the painters may change, and characters that mean nothing; each starts with the letters it is found by,
which is what makes looking for it quick."""


def _counts(text: str, start: int, end: int, mark: int) -> bool:
    """Whether a mark is more than the `for` of a loop, or the `def` of a function without tuples among its parameters."""
    if text.startswith("for", mark):
        return bool(text[start:mark].strip())
    return not text.startswith("def", mark) or text.count("(", mark, end) > 1
