"""How do the numbers and strings that only Python 2 reads look to Python 3?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kmigrate.source.python2.canvas import Canvas
from kmigrate.source.python2.lexer import Token, Unshadowable, line_of


def paint_numbers(statement: Sequence[Token], canvas: Canvas) -> None:
    """`10L` becomes ` 10`, `0777` becomes ` 511`; `10L.real` becomes `10 .real`."""
    for token in statement:
        if token.kind != "number":
            continue
        digits = token.text.rstrip("lL")
        if _OCTAL.fullmatch(digits):
            try:
                value = int(digits, 8)
            except ValueError:
                raise Unshadowable(line_of(canvas.text, token.start), f"`{token.text}` is no octal number") from None
            digits = str(value) if len(digits) < _LONG else hex(value)
        if digits != token.text:
            if canvas.text.startswith(".", token.end):
                canvas.paint(token.start, digits.ljust(len(token.text)))
            else:
                canvas.literal(token.start, digits.rjust(len(token.text)))


def paint_strings(statement: Sequence[Token], canvas: Canvas) -> None:
    r"""`ur''` and `b'é'` lose the `u` and the `b`; `\u` in a byte string, where it is no escape, becomes `\\`."""
    run: list[Token] = []
    for token in statement:
        if token.kind == "string":
            run.append(token)
            continue
        if run:
            _paint_run(run, canvas)
            run = []
    if run:
        _paint_run(run, canvas)


_LONG = 100
_OCTAL = re.compile(r"0\d+")
_ESCAPE = re.compile(r"\\([\s\S])")


def _paint_run(run: Sequence[Token], canvas: Canvas) -> None:
    prefixes = [re.split("['\"]", token.text, maxsplit=1)[0].lower() for token in run]
    mixed = len({"b" in prefix for prefix in prefixes}) > 1
    for token, prefix in zip(run, prefixes, strict=True):
        to_text = "b" in prefix and (mixed or not token.text.isascii())
        if prefix == "ur" or to_text:
            canvas.literal(token.start, ("r" if "r" in prefix else "").rjust(len(prefix)))
        if prefix == "" or (to_text and prefix == "b"):
            for escape in _ESCAPE.finditer(token.text):
                if escape.group(1) in "uUN":
                    canvas.paint(token.start + escape.start(1), "\\")
