"""Where do comments go that keep answers, and do they speak for the uses that they are meant for?"""

import pytest

from kmigrate.source.keeping import comments, inserted, moved
from kmigrate.source.suppressions import ignores
from kmigrate.source.text import Source


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("x = USE(1)\n", "x = USE(1)  # kmigrate: ignore[KM100]\n"),
        ("x = USE(1)", "x = USE(1)  # kmigrate: ignore[KM100]"),
        ("x = USE(1)\r\ny\r\n", "x = USE(1)  # kmigrate: ignore[KM100]\r\ny\r\n"),
        ("x = USE(1)  # three\n", "x = USE(1)  # three  # kmigrate: ignore[KM100]\n"),
        ("x = USE(1,\n  2)\n", "x = USE(1,  # kmigrate: ignore[KM100]\n  2)\n"),
        ("x = '# no', USE(1)\n", "x = '# no', USE(1)  # kmigrate: ignore[KM100]\n"),
        ("if a:\n    x = USE('''\n    ''')\n", "if a:\n    # kmigrate: ignore[KM100]\n    x = USE('''\n    ''')\n"),
        ("x = 1\ny = (2 + \\\n     USE(1) + \\\n 3)\n", "x = 1\n# kmigrate: ignore[KM100]\ny = (2 + \\\n     USE(1) + \\\n 3)\n"),
        ("x = '''\n''' + USE('''\n''')\r\n", "# kmigrate: ignore[KM100]\nx = '''\n''' + USE('''\n''')\r\n"),
        ("print USE(1)\n", "print USE(1)  # kmigrate: ignore[KM100]\n"),
        ("é = USE(1)  # é\n", "é = USE(1)  # é  # kmigrate: ignore[KM100]\n"),
    ],
)  # fmt: skip
def test_a_comment_stands_where_it_counts(before: str, expected: str) -> None:
    source = Source("net.py", before)
    start = before.index("USE")
    added = comments(source, [(start, "KM100")])
    text = inserted(before, added)
    assert text == expected
    new = Source("net.py", text)
    begin, end = moved(start, start + len("USE"), added)
    assert text[begin:end] == "USE"
    (comment,) = ignores(new).listed
    line = new.position(begin).line
    assert comment.covers(line, line)


def test_one_comment_for_each_line() -> None:
    text = "x = A(B(1))\ny = C(1)\n"
    uses = [(text.index(name), rule) for name, rule in (("B", "KM2"), ("A", "KM1"), ("C", "KM3"))]
    expected = "x = A(B(1))  # kmigrate: ignore[KM1, KM2]\ny = C(1)  # kmigrate: ignore[KM3]\n"
    assert inserted(text, comments(Source("net.py", text), uses)) == expected
