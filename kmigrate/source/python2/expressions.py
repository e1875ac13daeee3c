"""How do the expressions that Python 3 dropped look to it: backticks, `<>`, and tuples without parentheses?"""

from __future__ import annotations

from collections.abc import Sequence

from kmigrate.source.python2.canvas import Canvas
from kmigrate.source.python2.lexer import Token


def paint_operators(statement: Sequence[Token], canvas: Canvas) -> None:
    """`<>` becomes `!=`, a backtick a parenthesis: it opens where an operand is due."""
    operand_due = True
    for token in statement:
        if token.text == "<>" and token.kind == "op":
            canvas.paint(token.start, "!=")
        if token.text == "`":
            canvas.paint(token.start, "(" if operand_due else ")")
        elif token.kind == "op":
            operand_due = token.text not in (")", "]", "}")
        else:
            operand_due = token.kind == "name" and token.text in _BEFORE_OPERANDS


def paint_iterables(statement: Sequence[Token], canvas: Canvas) -> None:
    """`[x for x in a, b]` becomes `[x for x in a| b]`, and a lambda without parameters there its body."""
    stack: list[str] = []
    for index, token in enumerate(statement):
        text = token.text
        if token.kind == "op":
            if text in ("(", "[", "{"):
                stack.append("list" if text == "[" else "other")
            elif text in (")", "]", "}"):
                stack.pop()
            elif text == "," and stack and stack[-1] == "iterable":
                last = statement[index + 1].text in ("]", "if", "for")
                canvas.paint(token.start, " " if last else "|")
        elif token.kind == "name" and stack:
            if text == "lambda" and stack[-1] == "iterable" and statement[index + 1].text == ":":
                canvas.blank(token.start, token.end)
                canvas.paint(statement[index + 1].start, " ")
            stack[-1] = _NEXT.get((stack[-1], text), stack[-1])


_NEXT = {
    ("list", "for"): "target",
    ("target", "in"): "iterable",
    ("iterable", "for"): "target",
    ("iterable", "if"): "list",
}
_BEFORE_OPERANDS = frozenset(
    "and or not in is if elif else while for return yield print exec assert del raise lambda with except".split()
)
