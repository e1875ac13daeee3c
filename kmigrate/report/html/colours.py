"""Which stretches of a Python text are strings, comments, keywords and numbers?

Good enough to colour a diff, for Python 2 and 3 alike, and quick: one search over the text, and no more for lines that
nobody sees.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from kmigrate.report.hunks import lines_of

_LONG = re.compile(
    r"""(?P<comment>\#[^\n]*)
      |(?P<string>(?:\b[rRbBuUfF]{1,2})?(?:'''[\s\S]*?(?:'''|\Z)|\"\"\"[\s\S]*?(?:\"\"\"|\Z)
        |'(?:\\[\s\S]|[^'\\\n])*'?|"(?:\\[\s\S]|[^"\\\n])*"?))""",
    re.VERBOSE,
)
_SHORT = re.compile(
    r"\b(?P<keyword>and|as|assert|async|await|break|class|continue|def|del|elif|else|except|exec|finally|for|from|global|if"
    r"|import|in|is|lambda|nonlocal|not|or|pass|print|raise|return|try|while|with|yield|None|True|False|self)\b"
    r"|(?P<number>(?<![\w.])(?:\d[\w.]*(?:[eE][+-]\d+)?|\.\d\w*))"
)


class Colours:
    """The colours of one text, line by line, as a diff counts lines."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._long = [(match.start(), match.end(), match.lastgroup or "") for match in _LONG.finditer(text)]
        self._starts = [start for start, _, _ in self._long]
        lines = lines_of(text)
        self._lines = [0, *accumulate(map(len, lines))]

    def of_line(self, number: int) -> Iterator[tuple[int, int, str]]:
        """The coloured stretches of a line (from 0): start and end in the line, and comment, string, keyword or number."""
        first, last = self._lines[number], self._lines[number + 1]
        position = first
        index = max(0, bisect_right(self._starts, first) - 1)
        while position < last:
            while index < len(self._long) and self._long[index][1] <= position:
                index += 1
            start, end, kind = self._long[index] if index < len(self._long) else (last, last, "")
            start, end = min(max(start, position), last), min(end, last)
            for match in _SHORT.finditer(self._text, position, start):
                yield match.start() - first, match.end() - first, match.lastgroup or ""
            if end > start:
                yield start - first, end - first, kind
            position = max(end, start) if end > start else last
