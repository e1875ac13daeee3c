"""How deep does Python 2 see the lines that mix tabs and blanks, which Python 3 refuses?"""

from __future__ import annotations

import re

from kmigrate.source.python2.lexer import tokens

TAB = 8

_LINE_END = re.compile(r"\r\n|\r|\n")


def untabbed(text: str) -> tuple[str, dict[int, int]]:
    """The text with blanks for the indentation of its logical lines, and by how many columns each line moved.

    No form of the same length exists for this: blocks of four blanks and of one tab are one inside the other, and
    Python 3 wants the inner one to have more characters. Raises Unshadowable.
    """
    starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
    firsts = _first_tokens(text)
    out: list[str] = []
    moved: dict[int, int] = {}
    position = index = 0
    for first in firsts:
        while index + 1 < len(starts) and starts[index + 1] <= first:
            index += 1
        start = starts[index]
        blanks = text[start:first]
        new = " " * _column(blanks)
        if blanks and new != blanks and not blanks.strip(" \t\f"):
            out += (text[position:start], new)
            position = first
            moved[index + 1] = len(new) - len(blanks)
    out.append(text[position:])
    return "".join(out), moved


def _first_tokens(text: str) -> list[int]:
    found: list[int] = []
    fresh = True
    for token in tokens(text):
        if token.kind == "newline":
            fresh = True
        elif fresh:
            found.append(token.start)
            fresh = False
    return found


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
