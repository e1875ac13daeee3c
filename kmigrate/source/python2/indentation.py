"""How deep does Python 2 see the lines that mix tabs and blanks, which Python 3 refuses?"""

from __future__ import annotations

from bisect import bisect_right

from kmigrate.source.python2.lines import first_token, logical_lines
from kmigrate.source.text import LINE_END

TAB = 8


def untabbed(text: str) -> tuple[str, dict[int, int]]:
    """The text with blanks for the indentation of its logical lines, and by how many columns each line moved.

    No form of the same length exists for this: blocks of four blanks and of one tab are one inside the other, and
    Python 3 wants the inner one to have more characters. Raises Unshadowable.
    """
    starts = [0, *(match.end() for match in LINE_END.finditer(text))]
    out: list[str] = []
    moved: dict[int, int] = {}
    position = 0
    for line_start, end in logical_lines(text):
        first = first_token(text, line_start)
        if first >= end or text[first] in "\r\n":
            continue
        line = bisect_right(starts, first)
        start = starts[line - 1]
        blanks = text[start:first]
        if blanks.strip(" ") and not blanks.strip(" \t\f"):
            new = " " * _column(blanks)
            out += (text[position:start], new)
            position = first
            moved[line] = len(new) - len(blanks)
    out.append(text[position:])
    return "".join(out), moved


def _column(blanks: str) -> int:
    column = 0
    for blank in blanks:
        match blank:
            case "\t":
                column = (column // TAB + 1) * TAB
            case " ":
                column += 1
            case _:
                column = 0
    return column
