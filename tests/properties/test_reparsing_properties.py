"""Whatever the edits: is a text that is read in pieces read as it would be as a whole, or not at all?"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from kmigrate.edits import Confidence, Replacement, applied
from kmigrate.source.module import Module
from kmigrate.source.reparsing import reparsed
from kmigrate.source.text import Source

PROGRAMS = [
    path.read_text(encoding="utf-8")
    for path in sorted((Path(__file__).parents[2] / "samples").rglob("*.py"))
    if "print " not in path.read_text(encoding="utf-8")
]
TEXTS = [
    "x", "(a,\n b)", "1", "", "\n", "f(\n)", '"""a\nb"""', "é", "# c", "a; b", "x  # c\n", "\\\n", "\\", " ", ")", "(",
    "\nfoo = 1\n", "foo = 1\n", "if a:\n    b\n", "else:\n", "\r\n", "\r", "    ", "\t", "@d\n", "lambda: 0", "pass\n",
]  # fmt: skip


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, list[Replacement]]:
    """A program, and up to five replacements of words, lines and nothing; some keep the old text, some the indentation."""
    end = draw(st.sampled_from(["\n", "\n", "\r\n", "\r"]))
    text = draw(st.sampled_from(PROGRAMS)).replace("\n", end)
    words = [match.span() for match in re.finditer(r"\w+|\S", text)]
    lines = [*pairwise((*Source(None, text).line_starts, len(text)))]
    places = st.sampled_from(words) | st.sampled_from(lines) | st.sampled_from(words).map(lambda place: (place[1], place[1]))
    items: list[Replacement] = []
    for start, stop in sorted(set(draw(st.lists(places, min_size=1, max_size=5)))):
        new = draw(st.sampled_from(TEXTS))
        if draw(st.booleans()):
            new = text[start:stop] + new
        if draw(st.booleans()):
            line = next(first for first, last in reversed(lines) if first <= start)
            new = new.replace("\n", "\n" + text[line : line + len(text[line:]) - len(text[line:].lstrip(" "))])
        if not items or items[-1].end <= start:
            items.append(Replacement(start, stop, new, ("KM1",), Confidence.SAFE))
    return text, items


def told(module: Module) -> list[object]:
    return [
        (
            type(node), module.span(node) if "lineno" in node._attributes else None,  # type: ignore[arg-type]
            [value for _, value in ast.iter_fields(node) if not isinstance(value, ast.AST | list)],
        )
        for node in ast.walk(module.tree)
    ]  # fmt: skip


def whole(after: Source) -> Sequence[object] | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return told(Module(after, ast.parse(after.text)))
        except SyntaxError:
            return None


@settings(max_examples=400, deadline=None)
@given(edited=edits())
def test_a_text_that_is_read_in_pieces_is_read_as_the_whole(edited: tuple[str, list[Replacement]]) -> None:
    text, items = edited
    after = Source(None, applied(text, items))
    found = reparsed(ast.parse(text), Source(None, text), after, items)
    if found is not None:
        module = Module(found.source, found.tree)
        assert told(module) == whole(after)
        statements = [node for node in ast.walk(found.tree) if isinstance(node, ast.stmt)]
        assert [found.source.line(module.start(node)) for node in statements] == [node.lineno for node in statements]
