"""Logical lines end where Python ends them, and begin with the token that stands first in them."""

import pytest

from kmigrate.source.python2.lexer import Unshadowable
from kmigrate.source.python2.lines import first_token, logical_lines

TEXT = "import a\n\n# b (\nc = [1, # ]\n  2]\r\nd = '''(\n#'''; e = \"\\\"[\"\rf = 1 + \\\n  2\n  \\\n  g"


def test_lines_go_on_in_brackets_strings_and_behind_backslashes() -> None:
    assert [TEXT[start:end] for start, end in logical_lines(TEXT)] == [
        "import a\n", "\n", "# b (\n", "c = [1, # ]\n  2]\r\n", "d = '''(\n#'''; e = \"\\\"[\"\r",
        "f = 1 + \\\n  2\n", "  \\\n  g",
    ]  # fmt: skip


def test_blanks_comments_and_backslashes_are_no_tokens() -> None:
    assert [TEXT[first_token(TEXT, start) :][:1] for start, _ in logical_lines(TEXT)] == list("i\n\ncdfg")


def test_a_text_without_lines_is_one_empty_line() -> None:
    assert list(logical_lines("")) == [(0, 0)]


@pytest.mark.parametrize("text", ["a = (1\n", "a = 1)\n", "a = (1]\n", "a = 'b\n", "a = '''b\n", "a = \\ \nb"])
def test_what_never_ends_is_refused(text: str) -> None:
    with pytest.raises(Unshadowable):
        list(logical_lines(f"x = 1\n{text}"))
