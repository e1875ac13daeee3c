"""Lines that are passed over hold nothing to paint: painting all of them gives the same shadow."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kmigrate.source.python2.canvas import Canvas, Shadow
from kmigrate.source.python2.doubts import doubtful_lines
from kmigrate.source.python2.lexer import Unshadowable, tokens
from kmigrate.source.python2.shadow import PAINTERS, cast_shadow
from kmigrate.source.python2.statements import statements

DOUBTFUL = [
    "print",
    "x = y; print x",
    "exec x",
    "raise E, m",
    "def f(a, (b, c)): pass",
    "x = lambda (a, b): a",
    "[x for x in 1, 2]",
    "[1for x in 1, 2]",
    "[\n  x\n  for x in 1, 2]",
    "x = async",
    "True = 1",
    "(True, False) = 1, 0",
    "f(True \\\n  = 1)",
    "f(None  # really\n  = 1)",
    "x.True",
    "x.  \\\n  None",
    "(x. # why\n  False)",
    "class True: pass",
    "x <> y",
    "`x`",
    "x = '\\u1234'",
    "x = 0777",
    "x = y[00]",
    "x = 10L",
    "x = 0xffl",
    "x = 0xFFL",
    "x = ur'\\d'",
    "x = 'a' b'é'",
    "x = 'a' Br'é'",
]
HARMLESS = [
    "for x in range(10):",
    "\tfor x, y in z:\t# all",
    "def f(a, b=1, *c, **d):",
    "x = printer(formed, 1.05, 0.0, 0xff, 10)",
    "x = True == y.none(True, None)",
    "x = '''a\nc''' + 'de' + r'\\d'",
    "x = y != z",
    "",
    "# a remark",
]


@pytest.mark.parametrize("line", DOUBTFUL)
def test_lines_with_something_to_paint_are_found(line: str) -> None:
    text = f"x = (1,\n  2)\n{line}\nx = 1"

    found = [text[start:end] for start, end in doubtful_lines(text)]

    assert found == [f"{line}\n"]
    assert cast_shadow(text) == painted_everywhere(text)


@pytest.mark.parametrize("line", HARMLESS)
def test_lines_without_are_passed_over(line: str) -> None:
    assert list(doubtful_lines(f"{line}\nx = 1\n{line}\n")) == []


PIECES = [
    *DOUBTFUL, *HARMLESS,
    "x = [", "(", ")", "]", "#", "'''", '"', "\\", ", ", " ", ".", "=", "\n", "\n  ", "\r\n", "for", "True",
]  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_whatever_the_text_nothing_is_missed(pieces: list[str]) -> None:
    text = "".join(pieces)
    try:
        whole = painted_everywhere(text)
    except Unshadowable as error:
        with pytest.raises(Unshadowable) as caught:
            cast_shadow(text)
        assert str(caught.value) == str(error)
    else:
        assert cast_shadow(text) == whole


def painted_everywhere(text: str) -> Shadow:
    """The shadow as all tokens of the text make it."""
    canvas = Canvas(text)
    for statement in statements(tokens(text)):
        for paint in PAINTERS:
            paint(statement, canvas)
    return canvas.finished()


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_many_comments_behind_a_constant_cost_no_more_than_others(newline: str) -> None:
    """With two ways to read the end of each line, 60 lines had no end in sight."""
    text = newline.join(["call(None,", *["# what # this # is" for _ in range(60)], "     x)", "print 3", ""])
    assert [text[start:end].strip() for start, end in doubtful_lines(text)] == ["print 3"]
