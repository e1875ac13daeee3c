"""How do names that Python 3 has made keywords look to it: `async`, `await`, `nonlocal`, and `True` as a target?"""

from __future__ import annotations

from collections.abc import Sequence

from kmigrate.source.python2.canvas import Canvas
from kmigrate.source.python2.lexer import Token


def paint_reserved(statement: Sequence[Token], canvas: Canvas) -> None:
    """Their last letter becomes an underscore; what is a keyword of Python 3 in this place stays."""
    targets = _constant_targets(statement)
    for index, token in enumerate(statement):
        if token.kind != "name":
            continue
        before = statement[index - 1].text if index else ""
        after = statement[index + 1] if index + 1 < len(statement) else None
        if token.text in _CONSTANTS:
            reserved = before in (".", "def", "class") or (after is not None and after.text == "=") or index < targets
        elif token.text in _WORDS:
            reserved = before == "." or not (after is not None and _modern(token, after))
        else:
            continue
        if reserved:
            new = token.text[:-1] + "_"
            canvas.paint(token.start, new)
            canvas.renamed[new] = token.text


_CONSTANTS = frozenset(("True", "False", "None"))
_WORDS = frozenset(("async", "await", "nonlocal"))
_INFIX = frozenset(("in", "is", "and", "or", "if", "else", "for"))


def _constant_targets(statement: Sequence[Token]) -> int:
    """How many tokens at the start are targets, if these are constants: 3 for `True, False = 1, 0`."""
    for index, token in enumerate(statement):
        if token.text == "=":
            return index
        if token.text not in ("True", "False", ",", "(", ")"):
            break
    return 0


def _modern(token: Token, after: Token) -> bool:
    match token.text:
        case "async":
            return after.text in ("def", "for", "with")
        case "await":
            return after.kind in ("name", "number", "string") and after.text not in _INFIX
        case _:
            return after.kind == "name"
