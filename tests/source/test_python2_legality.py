"""What Python 2 would refuse is found before it is written."""

import ast

import pytest

from kmigrate.source.python2 import refused


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("x = f'{y}'", "an f-string"),
        ("x: int = 1", "an annotation"),
        ("def f(x: int): pass", "an annotation"),
        ("def f() -> int: pass", "an annotation"),
        ("f(*a, b)", "an argument behind `*`"),
        ("f(**a, b=1)", "an argument behind `**`"),
        ("f(**a, **b)", "an argument behind `**`"),
        ("f(*a,)", "a comma behind `*` or `**`"),
        ("f(a, **b,  # c\n)", "a comma behind `*` or `**`"),
        ("x = [*a]", "`*` outside of a call"),
        ("x = {**a}", "`**` in a dict display"),
        ("class A(metaclass=B): pass", "a keyword among the bases of a class"),
        ("raise A from b", "raise from"),
        ("x = a @ b", "the operator `@`"),
        ("if (x := y): pass", "`:=`"),
    ],
)
def test_python_3_syntax_is_refused(text: str, what: str) -> None:
    assert [found for _, found in refused(ast.parse(text), text)][:1] == [what]


@pytest.mark.parametrize(
    "text",
    ["f(a, *b, **c)", "f(a, *b, c=1)", "f(a * b, c ** d,)", "x = a * (b,)", "def f(a, *b, **c): pass", "x = (a,)", ""],
)
def test_python_2_syntax_is_not(text: str) -> None:
    assert refused(ast.parse(text), text) == ()


def test_other_letters_need_a_declared_encoding() -> None:
    text = "x = 1\n# é\n"

    assert refused(ast.parse(text), text) == ()
    assert refused(ast.parse(text), text, ascii_only=True) == ((2, "'é' without a declared encoding"),)
