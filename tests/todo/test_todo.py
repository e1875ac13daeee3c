"""TODO comments: one above each statement that is left to a person, once, and away again to the byte."""

from __future__ import annotations

from itertools import pairwise

import pytest
from todo_check import IMPORT, MARK, check, cleared

import kmigrate
from kmigrate.config import Settings
from kmigrate.results import Position, Review
from kmigrate.source.text import Source
from kmigrate.todo.clear import todos
from kmigrate.todo.comment import written


def above(text: str) -> list[str]:
    """The line below each run of TODOs."""
    return [line for before, line in pairwise(text.splitlines()) if MARK in before and MARK not in line]


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("x = Hard(3)\n", "x = Hard(3)"),
        ("x = Hard(3)", "x = Hard(3)"),
        ("y = [\n    1,\n    Hard(3),\n]\n", "y = ["),
        ("y = 1 + \\\n    Hard(3)\n", "y = 1 + \\"),
        ("def f():\n\tx = Hard(3)\n", "\tx = Hard(3)"),
        ("@wrap(\n    Hard(3))\ndef f():\n    pass\n", "@wrap("),
        ("@one\n@two\ndef f(x=Hard(3)):\n    pass\n", "@one"),
        ("class A(object):\n    @property\n    def f(self): return Hard(3)\n", "    def f(self): return Hard(3)"),
        ("if a:\n    pass\nelif Hard(3):\n    pass\nelse: Hard(4)\n", "elif Hard(3):"),
        ("if (a and\n    b): x = Hard(3)\n", "if (a and"),
        ("if a: \\\n    x = Hard(3)\n", "if a: \\"),
        ("if (\n    a\n): x = Hard(3)\n", "): x = Hard(3)"),
        ("try: f()\nexcept Error: Hard(3)\n", "except Error: Hard(3)"),
        ('text = """\n# TODO(kmigrate KM1): no\n"""; x = Hard(3)\n', 'text = """'),
        ('"""Doc."""; x = Hard(3)\n', '"""Doc."""; x = Hard(3)'),
        ("with open(f) as g, \\\n     Hard(3) as h:\n    pass\n", "with open(f) as g, \\"),
        ("match a:\n    case 1 if Hard(3):\n        pass\n", "match a:"),
        ("async def f():\n    async with a: await Hard(3)\n", "    async with a: await Hard(3)"),
        ("x = (lambda: Hard(3))()\n", "x = (lambda: Hard(3))()"),
        ("x = {k: Hard(k)\n     for k in y}\n", "x = {k: Hard(k)"),
        ("x = f(a, # one\n      # two\n      Hard(3))\n", "x = f(a, # one"),
        ("for i in x: y = 1; z = Hard(3); t = 2\n", "for i in x: y = 1; z = Hard(3); t = 2"),
        ("\f\nx = Hard(3)\n", "x = Hard(3)"),
        ("if a:\n  \tx = Hard(3)\n", "  \tx = Hard(3)"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_where_the_comment_stands(code: str, line: str, end: str) -> None:
    found = check(Source(None, (IMPORT + code).replace("\n", end)))
    assert line in above(found.after)
    indentation = line[: len(line) - len(line.lstrip())]
    todo = next(t for t in todos(Source(None, found.after)) if found.after[t.end :].startswith(line))
    assert todo.indentation == indentation
    assert found.after[todo.start : todo.end].endswith(end)


@pytest.mark.parametrize(
    "code", ["print 'a', Hard(3)\n", "exec Hard(3) in x\n", "try:\n    pass\nexcept E, e:\n    raise E, Hard(3)\n"]
)
def test_python_2(code: str) -> None:
    assert len(todos(Source(None, check(Source(None, IMPORT + "print 'x'\n" + code)).after))) == 2


def test_one_comment_for_each_rule_of_a_statement() -> None:
    text = "from keras.layers import MaxoutDense, Highway\nx = [MaxoutDense(3), MaxoutDense(4), Highway()]\n"
    found = check(Source(None, text))
    here = [todo.rule for todo in todos(Source(None, found.after)) if todo.start > found.after.index("import")]
    assert len(here) == len(set(here)) == len({r.rule for r in found.reviews if r.position.line == 2})


def test_a_comment_of_the_user_stays_between() -> None:
    found = check(Source(None, IMPORT + "# mine\nx = Hard(3)\n"))
    assert "# mine\n# TODO(kmigrate " in found.after


@pytest.mark.parametrize("encoding", ["latin-1", "gbk", "ascii"])
def test_encodings_take_the_comment(encoding: str) -> None:
    data = f"# coding: {encoding}\n{IMPORT}x = Hard(3)\n".encode(encoding)
    found = check(Source.from_bytes(data))
    assert MARK in found.to_bytes().decode(encoding)


def test_the_text_of_a_comment_fits_everywhere() -> None:
    reason = "Use encoding=…,\n→ “é” \xd7 中 \x07 coding: latin-1 \u2013 or\tcoding=utf-8"
    said = written(Review("KM123", "keras", Position(1, 1), 0, 1, reason, "Do it."))
    assert said.isascii()
    assert said.isprintable()
    assert said.startswith("# TODO(kmigrate KM123): Use encoding")
    assert said.endswith("Do it.")
    source = Source.from_bytes(f"{said}\n{said}\nx = 'é'\n".encode())
    assert source.encoding == "utf-8"


def test_lines_of_strings_are_no_comments() -> None:
    text = 'x = """\n# TODO(kmigrate KM100): an example\n"""\n# TODO(kmigrate KM200): real\ny = 1\n'
    assert [todo.rule for todo in todos(Source(None, text))] == ["KM200"]
    assert cleared(Source(None, text)) == text.replace("# TODO(kmigrate KM200): real\n", "")


def test_the_library_writes_them_on_request() -> None:
    used = f"{IMPORT}Hard(3)\n"
    assert MARK in kmigrate.migrate_text(used, settings=Settings(todo=True)).after
    assert MARK not in kmigrate.migrate_text(used).after
