"""Python 2 texts: the shadow has their length, and every name stands where it stood."""

import ast
import re
import subprocess
import warnings

import pytest
from python27 import python27

from kmigrate.source.parsing import is_python2, parse, parsed
from kmigrate.source.python2 import Unshadowable, shadow
from kmigrate.source.text import Source

PYTHON2 = python27()
NAME = re.compile(r"\bn\d+\b")
"""In the texts of this file every name that counts is an `n` with digits; they may stand anywhere."""

PRINT = [
    "print n1",
    "print n1, n2",
    "print n1,",
    "print'x', n1",
    "print -n1",
    "print [n1]",
    "print []",
    "print {n1: n2}",
    "print `n1`",
    "print not n1",
    "print lambda n1: n2",
    "print lambda: n1, n2",
    "print n1 if n2 else n3",
    'print "%s" % n1',
    'print "%s: %d" % (n1, n2),',
    "print >>n1, n2",
    "print >>n1, n2,",
    "print>>n1.n0,\\\n  'x' % n2",
    "print >>n1",
    "print (n1), n2",
    "print (n1)\nprint n2",
    "print (n1 for n1 in n2), 'x'",
    "print ('%s') % n1, 'x'",
    "def n1():\n    print (yield n2)",
    "print\nprint n1",
    "print; print n1; print",
    "if n1: print n2\nelse: print",
    "if n1: print n2; print n3,\nelif n4: print 'x'\nelse: print",
    "for n1 in lambda: n2, n3: print n1",
    "while n1[n2:n3]: print n1[n2:n3]; break\nelse: print n4",
    "class n1: print n2",
    "def n1(n2={n3: n4}): print n2",
    "try: print n1\nexcept: print n2\nfinally: print n3",
    "with n1 as n2: print n2",
    "print n1 # print n2, `x` <> 0777",
    "print '''print x\n  <> 10L''', n1",
    "print u'\\u00e9', n1",
    "print ur'\\d' % n1",
    "n1.print_ = 1; print n2",
    "print n1 \\\n  , n2",
    "print 'é', n1, 'é', n2",
]
OTHER_STATEMENTS = [
    "exec n1",
    "exec n1 in n2",
    "exec n1 in n2, n3",
    "exec 'x = 1'",
    "exec'x' in n1",
    "exec(n1) in n2",
    "if n1: exec n2",
    "raise n1, n2",
    "raise n1, 'x' % n2, n3",
    "raise n1(n2, n3)",
    "raise n1, (n2, n3), n4",
    "if n1: raise n2, n3",
    "raise\nprint n1",
    "try:\n    n1\nexcept n2, n3.n4:\n    print n5",
    "try: n1\nexcept (n2, n3), (n4, n5): print n6",
    "try: n1\nexcept n2, n3[n4]: raise n5, n6",
    "try: n1\nexcept (n2,\n  n3), (n4, # why\n  n5): pass",
]
EXPRESSIONS = [
    "n1 = `n2`",
    "n1 = `n2, n3` + `n4 + `n5``",
    "n1 = ``n2``",
    "n1 = `lambda: n2`[n3:n4]",
    "if n1 <> n2 <>n3: pass",
    "n1 = '<>', n2 <> n3",
    "n1 = 10L + n2 - 0xFFL * 0L",
    "n1 = 0777, 00, 0L, 07L, 0777L, 0o17, 0b11L, 0O7, n2",
    "n1 = 08.5, 09e1, 07j, 1e5, .5, 5., n2, 0777",
    "n1 = 7L.real + n2",
    "n1 = [n2 for n3 in n4, n5]",
    "n1 = [n2 for n3 in n4, n5, if n6]",
    "n1 = [(n2, n3) for n2 in 1, 2 for n3 in n4, n5,]",
    "n1 = [n2() for n2 in lambda: n3, lambda: n4]",
    "n1 = [[n2 for n2 in n3, n4], (n5, n6)]",
    "n1 = ur'\\d' + UR\"é\" + Ur'''\n''', n2",
    "n1 = 'a' b'b', n2",
    "n1 = b'é', br'é', n2",
    "n1 = 'C:\\Users', '\\N', '\\u12', n2 <> 1",
    "n1 = r'\\\\' + '\\'', n2 <> 1",
    "n1 = lambda (n2, n3): n2 + n3",
    "n1 = lambda n2, (n3, (n4, n5)), *n6: n2",
    "n1 = lambda (n2, n3)=(n4, n5): lambda (n6,): n6",
    "n1 = lambda n2=lambda n3: n4, (n5, n6)=n7: n8",
    "n1 = {n2: lambda (n3, n4): n5}[n6]",
]
PARAMETERS = [
    "def n1(n2, (n3, n4)): pass",
    "def n1((n2, n3), n4): pass",
    "def n1((n2,)): pass",
    "def n1(((n2, n3), n4)): pass",
    "def n1((n2)): pass",
    "def n1(n2=1, (n3, n4)=(1, 2)): pass",
    "def n1(n2, (n3), n4=1): pass",
    "def n1((n2, n3)=(1, 2), (n4, n5)=n6): pass",
    "def n1(n2=1, (n3, n4)=(1, 2), *n5, **n6): pass",
    "def n1(n2=(n3, n4), (n5, n6)=(n7, [n8, (n9)])): pass",
    "class n1:\n    def n2(n3, (n4, n5)): print n4",
]
RESERVED = [
    "n1.True = n2.False",
    "True, False = n1",
    "async = n1; print async, n2",
    "n1(async=n2)",
    "def n1(await, n2): return await, n2",
    "nonlocal = n1",
    "import n1.async\nprint n2",
    "from n1.async import n2",
]
BLOCKS = [
    "if n1:\n    print n2\n    if n3:\n\tprint n4\n\tif n5:\n\t    print n6\nprint n7",
    "if n1:\n\tprint n2\n        print n3\n",
    "class n1:\n\tdef n2(n3):\n\t    print n4\n\n        def n5(n6): # x\n            n7 = 'é', n8\n",
    "if n1:\n  \tn2 = (n3,\n\t n4)\n\tprint '''\n\tx'''; print n5\n",
    "if n1:\n    if n2:\n\tn3 = 10L + n4\n",
    "\x0cprint n1\n\x0cif n2:\n    print n3",
]
LINE_ENDS = ["print n1\r\nprint n2", "print n1\rif n2:\r    print n3\r", "print n1\r\nif n2:\n    raise n3, n4\r\n\r\n"]

ALL = PRINT + OTHER_STATEMENTS + EXPRESSIONS + PARAMETERS + RESERVED + BLOCKS + LINE_ENDS
TABBED = [text for text in BLOCKS if "\t" in text]


@pytest.mark.parametrize("text", ALL)
def test_shadow_keeps_the_length_in_characters_and_bytes(text: str) -> None:
    cast = shadow(text)

    assert len(cast) == len(text)
    assert len(cast.encode()) == len(text.encode())
    assert [m.start() for m in re.finditer(r"[\r\n]", cast)] == [m.start() for m in re.finditer(r"[\r\n]", text)]


@pytest.mark.parametrize("text", ALL)
def test_every_name_stands_where_it_stood(text: str) -> None:
    source = Source(None, text)

    assert names(source, parse(source)) == {(m.start(), m.group()) for m in NAME.finditer(text)} - not_names(text)


@pytest.mark.parametrize("text", [text for text in ALL if text not in TABBED])
def test_python_3_reads_the_shadow(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ast.parse(shadow(text))


@pytest.mark.skipif(PYTHON2 is None, reason="no Python 2.7 that runs")
def test_the_texts_of_this_file_are_python_2() -> None:
    program = "import sys\nfor t in eval(sys.stdin.read()): compile('# coding: utf-8\\n' + t + '\\n', t, 'exec')"
    texts = [text.replace("\r\n", "\n").replace("\r", "\n").encode() for text in ALL]
    listed = "[" + ",".join(repr(text)[1:] for text in texts) + "]"

    ran = subprocess.run([str(PYTHON2), "-W", "ignore", "-c", program], input=listed, capture_output=True, text=True)

    assert ran.returncode == 0, ran.stderr


def test_numbers_keep_their_value_and_their_place() -> None:
    text = "print (0777, 10L, 07, 0xFFL, 5L, 0L)"
    source = Source(None, text)
    constants = [node for node in ast.walk(parse(source)) if isinstance(node, ast.Constant) and node.value is not None]

    assert [(text[c.col_offset : c.end_col_offset], c.value) for c in constants] == [
        ("0777", 511), ("10L", 10), ("07", 7), ("0xFFL", 255), ("5L", 5), ("0L", 0),
    ]  # fmt: skip


def test_strings_keep_their_place() -> None:
    text = "n1 = ur'\\d' % b'é', 'a' b'b'"
    constants = [node for node in ast.walk(parse(Source(None, text))) if isinstance(node, ast.Constant)]

    spans = [text.encode()[c.col_offset : c.end_col_offset].decode() for c in constants]
    assert sorted(spans) == sorted(["ur'\\d'", "b'é'", "'a' b'b'"])


def test_the_target_of_except_is_bound_by_it() -> None:
    tree = parse(Source(None, "try: pass\nexcept IOError, error: print error"))
    handler = next(node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler))

    assert handler.name == "error"
    assert isinstance(handler.type, ast.Name) and handler.type.id == "IOError"


def test_names_that_python_3_reserves_keep_their_name() -> None:
    tree = parse(Source(None, "import celery.async as async\nasync.run(await=1).True = `2`"))

    assert ast.unparse(tree) == "import celery.async as async\nasync.run(await=1).True = 2"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("print 1\nx = 'abc\n", 2, "a string starts here that does not end"),
        ("print 1\n\nx = (1,\n", 3, "`(` is never closed"),
        ("print 1\nx = 1]\n", 2, "`]` closes nothing"),
        ("print $x", 1, "'$' means nothing in Python"),
        ("print 1\nx = 08\n", 2, "`08` is no octal number"),
        ("x = 1 \\ \ny", 1, "a backslash that is not the last character of its line"),
    ],
)
def test_unshadowable_says_line_and_reason(text: str, line: int, reason: str) -> None:
    with pytest.raises(Unshadowable, match=re.escape(f"line {line}: {reason}")) as caught:
        shadow(text)

    assert (caught.value.line, caught.value.reason) == (line, reason)


PYTHON3 = [
    "print(1)\n", "x = '''print 1'''  # `x`\n", "", "async def f(): await g()\n", "'''\nprint 1\n'''\nprint -1\n",
    "print not in x\nx = '\\u0041'\n",
]  # fmt: skip


@pytest.mark.parametrize("text", PYTHON3)
def test_python_3_is_read_as_it_is(text: str) -> None:
    source = Source(None, text)

    assert not parsed(source).python2
    assert not is_python2(text)
    assert ast.dump(parse(source), include_attributes=True) == ast.dump(ast.parse(text), include_attributes=True)


@pytest.mark.parametrize("text", ["print x", "if x:\n\tprint 'x'", "x = 1; print 2\nprint 3", "'''\nprint x\n'''\nprint `x`"])
def test_a_statement_of_python_2_makes_a_file_of_python_2(text: str) -> None:
    assert parsed(Source(None, text)).python2


@pytest.mark.parametrize(("text", "line", "other"), [("print 1\nx = = 2\n", 2, 1), ("x = = 2\nprint 1\n", 1, 1)])
def test_what_is_neither_python_is_the_error_of_the_one_that_reads_further(text: str, line: int, other: int) -> None:
    with pytest.raises(SyntaxError) as caught:
        parse(Source(None, text))

    assert caught.value.lineno == line
    assert isinstance(caught.value.__cause__, SyntaxError) and caught.value.__cause__.lineno == other
    assert not is_python2(text)


def test_escapes_that_python_warns_of_are_no_errors() -> None:
    assert ast.unparse(parse(Source(None, "x = '\\d'"))) == "x = '\\\\d'"


def test_long_lines_and_many_blanks_take_no_time() -> None:
    text = "print " + "n1, " * 30_000 + "n1\nx = 1" + " " * 50_000 + "$"

    with pytest.raises(Unshadowable):
        shadow(text)
    assert len(shadow(text[:-1])) == len(text) - 1


def names(source: Source, tree: ast.Module) -> set[tuple[int, str]]:
    """(offset, name) of what the tree holds as a name or a parameter; targets of `except` are left in as loads."""
    found: set[tuple[int, str]] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.arg):
            start = source.line_starts[node.lineno - 1]
            line = source.text[
                start : source.line_starts[node.lineno] if node.lineno < len(source.line_starts) else None
            ]
            name = node.id if isinstance(node, ast.Name) else node.arg
            if NAME.fullmatch(name):
                found.add((start + len(line.encode()[: node.col_offset].decode()), name))
    return found


def not_names(text: str) -> set[tuple[int, str]]:
    """Attributes, definitions, keywords, imported names, and what only looks like a name."""
    other = r"(?:\.|\bdef |\bclass |\bimport |\bfrom )(n\d+)|#.*?\b(n\d+)"
    return {(m.start(m.lastindex), m.group(m.lastindex)) for m in re.finditer(other, text) if m.lastindex}
