"""How does a parameter list with tuples in it, `def f(a, (b, c))`, look to Python 3?"""

from __future__ import annotations

from collections.abc import Sequence

from kmigrate.source.python2.canvas import Canvas
from kmigrate.source.python2.lexer import Token

_OPENING = frozenset("([{")
_CLOSING = frozenset(")]}")


def paint_parameters(statement: Sequence[Token], canvas: Canvas) -> None:
    """The parentheses of tuple parameters vanish, so that `(b, c)` are two parameters."""
    for index, token in enumerate(statement):
        if token.kind != "name":
            continue
        if token.text == "lambda":
            _flatten(statement, index + 1, ":", canvas)
        elif token.text == "def" and index + 2 < len(statement) and statement[index + 2].text == "(":
            _flatten(statement, index + 3, ")", canvas)


def _flatten(tokens: Sequence[Token], index: int, close: str, canvas: Canvas) -> None:
    """`close` ends the list.

    A tuple behind a parameter with a default starts with `*` instead of a blank: the names behind a star need no
    defaults. A star that follows has to give way then.
    """
    depth = 0
    fresh, defaulted, starred = True, False, False
    while index < len(tokens):
        token = tokens[index]
        if depth == 0 and token.text == close:
            return
        if fresh and token.text == "(":
            star = depth == 0 and defaulted and not starred and _names(tokens, index) > 1
            canvas.paint(token.start, "*" if star else " ")
            starred |= star
            depth += 1
        elif depth and token.text == ")":
            canvas.paint(token.start, " ")
            if tokens[index - 1].text == ",":
                canvas.paint(tokens[index - 1].start, " ")
            depth -= 1
        elif token.text == ",":
            fresh = True
        elif token.text == "=":
            index = _end_of_default(tokens, index + 1, close)
            defaulted = True
            continue
        else:
            if token.text == "*" and starred:
                canvas.paint(token.start, " ")
            fresh = False
        index += 1


def _names(tokens: Sequence[Token], index: int) -> int:
    depth = found = 0
    for token in tokens[index:]:
        depth += (token.text == "(") - (token.text == ")")
        found += token.kind == "name"
        if depth == 0:
            break
    return found


def _end_of_default(tokens: Sequence[Token], index: int, close: str) -> int:
    """The place of the comma or the closing token behind a default."""
    depth = lambdas = 0
    while index < len(tokens):
        text = tokens[index].text
        if depth == 0 and not lambdas and text in (",", close):
            break
        if text == "lambda":
            lambdas += depth == 0
        elif text == ":" and depth == 0:
            lambdas -= 1
        elif tokens[index].kind == "op":
            depth += (text in _OPENING) - (text in _CLOSING)
        index += 1
    return index
