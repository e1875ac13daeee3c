"""Whatever the text: the shadow has its length and its names, and no exception escapes that is not announced."""

import ast
import re
import warnings

from hypothesis import given, settings
from hypothesis import strategies as st

from kmigrate.source.parsing import parse, parsed
from kmigrate.source.python2 import Unshadowable, shadow
from kmigrate.source.text import Source

NAMES = st.from_regex(r"n[0-9]{1,3}", fullmatch=True)
LITERALS = st.sampled_from(
    ["0777", "10L", "0xFFl", "'x'", "ur'\\d'", "b'é'", "'print x'", "u'é'", "'''a\n`b`'''", "1.5"]
)
ATOMS = NAMES | LITERALS


def expressions(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(inner, inner)
    return (
        pair.map(lambda p: f"({p[0]} <> {p[1]})")
        | inner.map(lambda e: f"`{e}`")
        | pair.map(lambda p: f"f({p[0]}, k={p[1]})")
        | st.tuples(inner, NAMES, inner, inner).map(lambda p: f"[{p[0]} for {p[1]} in {p[2]}, {p[3]}]")
        | st.tuples(NAMES, NAMES, NAMES, inner).map(lambda p: f"(lambda {p[0]}, ({p[1]}, ({p[2]},)): {p[3]})")
    )


EXPRESSIONS = st.recursive(ATOMS, expressions, max_leaves=6)
SIMPLE = st.one_of(
    EXPRESSIONS.map(lambda e: f"print {e}"),
    EXPRESSIONS.map(lambda e: f"print {e}, "),
    st.tuples(NAMES, EXPRESSIONS).map(lambda p: f"print >>{p[0]}, {p[1]}  # print x, `y`"),
    st.tuples(NAMES, EXPRESSIONS).map(lambda p: f"{p[0]} = {p[1]}; print"),
    st.tuples(NAMES, EXPRESSIONS, NAMES).map(lambda p: f"raise {p[0]}, {p[1]}, {p[2]}"),
    st.tuples(EXPRESSIONS, NAMES).map(lambda p: f"exec {p[0]} in {p[1]}"),
    st.just("print"),
)


def blocks(inner: st.SearchStrategy[list[str]]) -> st.SearchStrategy[list[str]]:
    indented = st.tuples(st.sampled_from(["    ", "\t", " \t"]), inner).map(lambda p: [p[0] + line for line in p[1]])
    return st.one_of(
        st.tuples(EXPRESSIONS, indented).map(lambda p: [f"if {p[0]}:", *p[1]]),
        st.tuples(NAMES, NAMES, NAMES, indented).map(lambda p: [f"def g({p[0]}=1, ({p[1]}, {p[2]})=2):", *p[3]]),
        st.tuples(indented, NAMES, indented).map(lambda p: ["try:", *p[0], f"except {p[1]}, e.x:", *p[2]]),
        st.tuples(EXPRESSIONS, SIMPLE).map(lambda p: [f"while {p[0]}: {p[1]}"]),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: [line for part in parts for line in part]),
    )


LINES = st.recursive(SIMPLE.map(lambda line: [line]), blocks, max_leaves=5)
PROGRAMS = st.tuples(LINES, st.sampled_from(["\n", "\r\n", "\r"])).map(lambda p: p[1].join(p[0]))


@settings(max_examples=150, deadline=None)
@given(PROGRAMS)
def test_python_2_programs_keep_length_and_names(text: str) -> None:
    cast = shadow(text)
    assert len(cast) == len(text)
    assert len(cast.encode()) == len(text.encode())

    source = Source(None, text)
    assert names(source, parse(source)) == {(m.start(), m.group()) for m in re.finditer(r"\bn\d+\b", text)}


SEED = (
    "import keras\nclass A(object):\n\tdef f(self, (a, b), c=0777):\n\t    print >>a, `b`, ur'é' \\\n  % c\n"
    "        try: exec c in a\n        except E, e: raise E, 'x' # y\n"
    "for x in [y for y in 1, 2]:\r\n  print '''\n%s'''\n"
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_corrupted_texts_raise_what_is_announced(data: st.DataObject) -> None:
    text = corrupted(SEED, data)
    try:
        assert len(shadow(text)) == len(text)
    except Unshadowable as error:
        assert 1 <= error.line <= text.count("\n") + text.count("\r") + 1
        assert error.reason

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            expected = ast.dump(ast.parse(text))
        except (SyntaxError, ValueError):
            expected = None
    try:
        read = parsed(Source(None, text))
    except (SyntaxError, ValueError):
        assert expected is None
    else:
        assert read.python2 or ast.dump(read.tree) == expected


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_any_text_is_refused_or_read(text: str) -> None:
    try:
        assert len(shadow(text)) == len(text)
    except Unshadowable as error:
        assert error.reason


def corrupted(text: str, data: st.DataObject) -> str:
    """A text cut off, and with some characters replaced."""
    text = text[: data.draw(st.integers(0, len(text)))]
    for _ in range(data.draw(st.integers(0, 4))):
        start = data.draw(st.integers(0, len(text)))
        length = data.draw(st.integers(0, 3))
        new = data.draw(st.text("(){}[]`'\"\\\n\r\t #,:;<>=.lL0u\0éx$?!%", max_size=3))
        text = text[:start] + new + text[start + length :]
    return text


def names(source: Source, tree: ast.Module) -> set[tuple[int, str]]:
    """(offset, name) of the names and parameters that start with `n`."""
    found: set[tuple[int, str]] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.arg):
            name = node.id if isinstance(node, ast.Name) else node.arg
            start = source.line_starts[node.lineno - 1]
            before = source.text[start:].encode()[: node.col_offset].decode()
            found.add((start + len(before), name))
    return {(offset, name) for offset, name in found if re.fullmatch(r"n\d+", name)}
