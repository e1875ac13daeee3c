"""What would Python 3 read in place of a Python 2 text, with every name where it stands?"""

from __future__ import annotations

from kmigrate.source.python2.canvas import Canvas, Shadow
from kmigrate.source.python2.commands import paint_command
from kmigrate.source.python2.doubts import doubtful_lines
from kmigrate.source.python2.expressions import paint_iterables, paint_operators
from kmigrate.source.python2.lexer import tokens
from kmigrate.source.python2.literals import paint_numbers, paint_strings
from kmigrate.source.python2.parameters import paint_parameters
from kmigrate.source.python2.reserved import paint_reserved
from kmigrate.source.python2.statements import statements


def shadow(text: str) -> str:
    """A text of the same length in which what only Python 2 reads is painted over; raises Unshadowable.

    The result is for parsing only: it means something else. It may still be refused, where the text is no Python at
    all, or where it mixes tabs and blanks: indentation has no form of the same length (see `indentation`).
    """
    return cast_shadow(text).text


def cast_shadow(text: str) -> Shadow:
    """The shadow with what a tree of it has to be told; raises Unshadowable."""
    canvas = Canvas(text)
    for start, end in doubtful_lines(text):
        for statement in statements(tokens(text, start, end)):
            for paint in PAINTERS:
                paint(statement, canvas)
    return canvas.finished()


PAINTERS = (
    paint_command, paint_parameters, paint_iterables, paint_operators, paint_numbers, paint_strings, paint_reserved,
)  # fmt: skip
