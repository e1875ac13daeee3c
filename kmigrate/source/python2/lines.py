"""Where do the logical lines of a text start and end? Told by its brackets, strings and comments alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kmigrate.source.python2.lexer import CLOSING, SKIP, STRING, tokens
from kmigrate.source.text import LINE_END


def logical_lines(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each logical line, its line end included; empty lines and lines of a comment are some, too.

    Raises Unshadowable for brackets that do not match, and for strings and backslashes that make no sense.
    """
    opened: list[str] = []
    start = 0
    for event in _EVENT.finditer(text):
        kind = event.lastgroup
        if kind == "newline":
            if not opened:
                yield start, event.end()
                start = event.end()
        elif kind == "open":
            opened.append(event["open"])
        elif kind == "end":
            break
        elif kind == "wrong" or not opened or opened.pop() != CLOSING[event["close"]]:
            tokens(text)  # which tells what is wrong
            return
    if opened:
        tokens(text)
    yield start, len(text)


def first_token(text: str, start: int) -> int:
    """Where the first token behind `start` stands, a line end counted as one."""
    blank = _BLANK.match(text, start)
    assert blank is not None
    return blank.end()


_BLANK = re.compile(SKIP)
_EVENT = re.compile(
    rf"""(?:[^'"\#\\\r\n()\[\]{{}}]+|{STRING}|\#[^\r\n]*|\\(?:\r\n|\r|\n))*
    (?:(?P<newline>{LINE_END.pattern})|(?P<open>[(\[{{])|(?P<close>[)\]}}])|(?P<end>\Z)|(?P<wrong>[\s\S]))""",
    re.VERBOSE,
)
