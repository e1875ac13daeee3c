"""How do the statements that Python 3 dropped look to it: print, exec, `except E, e` and `raise E, m`?"""

from __future__ import annotations

from collections.abc import Sequence

from kmigrate.source.python2.canvas import Canvas
from kmigrate.source.python2.lexer import Token
from kmigrate.source.python2.statements import top_level


def paint_command(statement: Sequence[Token], canvas: Canvas) -> None:
    """`print a` becomes `None, a`, `exec a` becomes `0, a`, the comma of `except` a `|`, that of `raise` a `;`."""
    first = statement[0]
    if first.text == "print":
        if _takes_operand(statement):
            canvas.paint(first.start, "None,")
            canvas.certain |= statement[1].kind != "op" and statement[1].text != "not"
            if statement[1].text == ">>":
                canvas.blank(statement[1].start, statement[1].end)
    elif first.text == "exec":
        if _takes_operand(statement):
            canvas.paint(first.start, "0,  ")
    elif first.text in _COMMAS:
        comma = top_level(statement, ",")
        if comma is not None:
            canvas.paint(comma.start, _COMMAS[first.text])
            canvas.caught |= first.text == "except"


_COMMAS = {"except": "|", "raise": ";"}
_OPERAND_OPS = frozenset(("`", "[", "{", "-", "+", "~", ">>"))
_INFIX = frozenset(("in", "is", "and", "or", "if", "else", "for"))


def _takes_operand(statement: Sequence[Token]) -> bool:
    """Whether the keyword has something to print; `print (a), b` is a call to Python 3, which serves as well."""
    if len(statement) < 2:
        return False
    after = statement[1]
    if after.kind == "op":
        if after.text == "(":
            return statement[2].text == "yield"
        return after.text in _OPERAND_OPS
    return after.text not in _INFIX
