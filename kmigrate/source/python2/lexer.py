"""Which tokens does a text consist of, if it is Python 2?

Python's own `tokenize` refuses Python 2 from 3.12 on; this lexer takes what either Python takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kmigrate.source.text import LINE_END


class Unshadowable(Exception):
    """The text is no Python 2 either, or uses a construct for which there is no form of the same length."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


class Token(NamedTuple):
    """`kind` is name, number, string, op or newline (the end of a logical line)."""

    kind: str
    text: str
    start: int
    end: int


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """The tokens of a text, or of the logical lines from `start` to `end` in it.

    Raises Unshadowable for what is no token and for brackets that do not match.
    """
    found: list[Token] = []
    opened: list[Token] = []
    for token in _raw(text, start, end):
        if token.kind == "newline" and (opened or not found or found[-1].kind == "newline"):
            continue
        if token.kind == "op":
            _balance(text, token, opened)
        found.append(token)
    if opened:
        raise Unshadowable(line_of(text, opened[-1].start), f"`{opened[-1].text}` is never closed")
    return found


def logical_line_end(text: str, start: int) -> int:
    """Where the logical line that starts at `start` ends, its line end included.

    Where the text makes no sense, that is the end of the physical line.
    """
    depth = 0
    try:
        for token in _raw(text, start):
            if token.kind == "newline" and depth <= 0:
                return token.end
            if token.kind == "op":
                depth += (token.text in CLOSING.values()) - (token.text in CLOSING)
    except Unshadowable:
        end = LINE_END.search(text, start)
        return end.end() if end else len(text)
    return len(text)


def line_of(text: str, offset: int) -> int:
    """The line of an offset, from 1."""
    return len(LINE_END.findall(text, 0, offset)) + 1


CLOSING = {")": "(", "]": "[", "}": "{"}
STRING = r"""
    (?:[uU][rR]?|[bB][rR]?|[rR][bBfF]?|[fF][rR]?)?
    (?:'''[^'\\]*(?:(?:\\[\s\S]|'(?!''))[^'\\]*)*'''
      |\"\"\"[^"\\]*(?:(?:\\[\s\S]|"(?!""))[^"\\]*)*\"\"\"
      |'(?!'')[^'\\\r\n]*(?:\\(?:\r\n|[\s\S])[^'\\\r\n]*)*'
      |"(?!"")[^"\\\r\n]*(?:\\(?:\r\n|[\s\S])[^"\\\r\n]*)*")
"""
SKIP = r"[ \t\f]*(?:(?:\#[^\r\n]*|\\(?:\r\n|\r|\n))[ \t\f]*)*"
_TOKEN = re.compile(
    rf"""{SKIP}
  (?: (?P<string>{STRING})
    | (?P<name>[^\W\d]\w*)
    | (?P<newline>\r\n|\r|\n)
    | (?P<number>0[xX][\da-fA-F_]+[lL]?|0[oObB][\d_]+[lL]?
        |(?:\d[\d_]*\.[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?[jJ]?|\d[\d_]*[eE][+-]?\d+[jJ]?|\d[\d_]*[jJlL]?)
    | (?P<op><>|\*\*=?|//=?|>>=?|<<=?|->|[-+*/%&|^@=<>!:]=|[-+*/%&|^@=<>~`()\[\]{{}},:;.])
    | (?P<end>\Z)
    | (?P<wrong>[\s\S])
  )""",
    re.VERBOSE,
)


def _raw(text: str, start: int = 0, end: int | None = None) -> Iterator[Token]:
    for match in _TOKEN.finditer(text, start, len(text) if end is None else end):
        kind = match.lastgroup
        if kind == "end":
            return
        assert kind is not None
        if kind == "wrong":
            place = match.start(kind)
            raise Unshadowable(line_of(text, place), _nonsense(text, place))
        yield Token(kind, match[kind], match.start(kind), match.end())


def _balance(text: str, token: Token, opened: list[Token]) -> None:
    if token.text in ("(", "[", "{"):
        opened.append(token)
    elif token.text in CLOSING:
        if not opened or opened[-1].text != CLOSING[token.text]:
            raise Unshadowable(line_of(text, token.start), f"`{token.text}` closes nothing")
        opened.pop()


def _nonsense(text: str, position: int) -> str:
    if text[position] in "'\"":
        return "a string starts here that does not end"
    if text[position] == "\\":
        return "a backslash that is not the last character of its line"
    return f"{text[position]!r} means nothing in Python"
