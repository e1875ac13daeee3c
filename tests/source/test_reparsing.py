"""Is the tree of which only the edited statements were parsed the one that Python gives for the whole text?"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from kmigrate import migrate_text
from kmigrate.edits import Confidence, Replacement, applied
from kmigrate.results import Outcome
from kmigrate.source.module import Module
from kmigrate.source.reparsing import reparsed
from kmigrate.source.text import Source

SAMPLES = Path(__file__).parents[2] / "samples"

PROGRAM = '''\
import os; import sys
from a import b  # a comment

@wraps(b)
class Net(object):
    """Says old."""

    @property
    def first(self, size=old):
        if size:
            x = b(old,
                  2)
            return x
        # old in a comment
        return [é for é in old]

    async def second(self): return old

last = old
'''


def edited(text: str, *words: tuple[int, str]) -> tuple[Source, Source, list[Replacement]]:
    """The text before and after the occurrences of `old` with these numbers became other words."""
    starts = [at for at in range(len(text)) if text.startswith("old", at)]
    items = [Replacement(starts[n], starts[n] + 3, word, ("KM1",), Confidence.SAFE) for n, word in words]
    after = text
    for item in reversed(items):
        after = after[: item.start] + item.text + after[item.end :]
    return Source(None, text), Source(None, after), items


def tree_of(before: Source, after: Source, items: list[Replacement]) -> list[object] | None:
    """All that the tree of the edited text says, the places of its nodes included."""
    found = reparsed(ast.parse(before.text), before, after, items)
    return None if found is None else told(Module(found.source, found.tree))


def whole(after: Source) -> list[object]:
    return told(Module(after, ast.parse(after.text)))


def told(module: Module) -> list[object]:
    """What a tree says: each node with its plain values and the stretch of text that it stands in."""
    return [
        (type(node), module.span(node) if "lineno" in node._attributes else None, plain(node))  # type: ignore[arg-type]
        for node in ast.walk(module.tree)
    ]


def plain(node: ast.AST) -> list[object]:
    return [value for _, value in ast.iter_fields(node) if not isinstance(value, ast.AST | list)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("number", range(7))
def test_one_edit_gives_the_tree_of_the_whole_text(number: int, end: str) -> None:
    before, after, items = edited(PROGRAM.replace("\n", end), (number, "longer(é)"))
    assert tree_of(before, after, items) == whole(after)


def test_many_edits_give_the_tree_of_the_whole_text() -> None:
    before, after, items = edited(PROGRAM, *((number, f"new{number}" * number) for number in range(7)))
    assert tree_of(before, after, items) == whole(after)


def test_what_did_not_change_is_shared() -> None:
    before, after, items = edited(PROGRAM, (2, "new"))
    tree = ast.parse(before.text)
    found = reparsed(tree, before, after, items)
    assert found is not None
    assert [new is old for new, old in zip(found.tree.body, tree.body, strict=True)] == [True, True, True, False, True]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "word",
    [
        "1\nc = 2", "(1,\n  2)", "1\n\n\nc = (é,\n'''a\nb''', old)", "", "1; c = 2", "1  # said\n", "(\n1)\n# said",
        "f(a,\n  lambda é: é)(\n)",
    ],
)  # fmt: skip
@pytest.mark.parametrize("text", [
    "a = old\nb = 1\nc = b\n",
    "x = 0\na = old",
    "def f(a):\n    a = 1\n    b =old\n    return b\nlast = 1\n",
    "if a:\n    b\nelif c:\n    d = é\n    b=old\nelse:\n    e = 1\nf = 1\n",
    "for a in b:\n\tc =  old\nelse:\n\td\nclass C:\n\tb = 1\n",
    "try:\n  a\nexcept B:\n  c\nfinally:\n  d = old\n\n# end\n",
    "a = (1,\n     old)\nb = 1\nc = old\n",
    "import a; b = old; c = 1\nd\n",
])  # fmt: skip
def test_lines_that_come_and_go(text: str, word: str, end: str) -> None:
    before, after, items = edited(text.replace("\n", end), (0, word.replace("\n", end)))
    try:
        expected = whole(after)
    except SyntaxError:
        assert tree_of(before, after, items) is None
        return
    assert tree_of(before, after, items) in (expected, None)


@pytest.mark.parametrize(
    ("text", "edits"),
    [
        ("import a\nold\nb = old\nc = 1\n", [("old\n", "", 0), ("old", "(1,\n 2)", 1)]),
        ("import old\n\nclass A:\n    b = old\n\nc = 1\n", [("import old", "import b\nimport c", 0), ("old", "(2,\n 3)", 1)]),
        ("def f():\n    if a:\n        b = old\n    c = old\n    return 1\n", [("old", "(1,\n1)", 0), ("    c = old\n", "", 0)]),
        ("def f():\n    if a:\n        b = old\n    c = old\n    return 1\n", [("old", "(1,\n1)", 0), ("old", "(1,\n1)", 1)]),
        ("a = 1\n# old\nb = 1\n", [("# old", "old", 0)]),
        ("# old\nb = 1\n", [("# old", "from a import b  # old", 0)]),
        ("b = 1", [("b = 1", "b = 1\nc = 2\n", 0)]),
        ("if a:\n    b = old\nelif c:\n    d\nelse:\n    e = old\n", [("old", "f(\n)", 0), ("old", "1\n    f = 2", 1)]),
        ("a = old; b = 1\n", [("old", "2", 0)]),
        ("a = old\r\rb = 1\nc = old\n", [("old", "2", 0), ("old", "3", 1)]),
        ("a = old\r\rb = 1\nc = old\n", [("old", "(2,\r\n\r3)", 0), ("old", "(3,\r3)", 1)]),
        ("a = old\nb = 1\n", [("old", "2; c = 3", 0)]),
    ],
)  # fmt: skip
def test_texts_that_are_read_without_parsing_them_as_a_whole(text: str, edits: list[tuple[str, str, int]]) -> None:
    items = []
    for old, new, number in edits:
        start = [at for at in range(len(text)) if text.startswith(old, at)][number]
        items.append(Replacement(start, start + len(old), new, ("KM1",), Confidence.SAFE))
    after = Source(None, applied(text, items))
    assert tree_of(Source(None, text), after, items) == whole(after)


def test_lines_are_counted_as_before() -> None:
    before, after, items = edited("a = old\nb = (old)\nc = 1\n", (0, "(1,\n\n2)"), (1, "\n3"))
    found = reparsed(ast.parse(before.text), before, after, items)
    assert found is not None
    assert [statement.lineno for statement in found.tree.body] == [1, 2, 3]
    assert [found.source.line(after.text.index(word)) for word in ("a", "2", "b", "3", "c")] == [1, 1, 2, 2, 3]
    before, after, items = edited("a = (1,\n     2,\nold)\nb = 1\nold = b\n", (0, ""), (1, "c"))
    items[0] = items[0]._replace(start=5, text="3")
    after = Source(None, applied(before.text, items))
    found = reparsed(ast.parse(before.text), before, after, items)
    assert found is not None
    assert found.source.line_starts == (0, 8, 8, 8, 14, 20)
    assert [found.source.line(after.text.index(word)) for word in ("a", "3", "b", "c")] == [1, 1, 4, 5]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("a = old\nb = 1\n", "(2"),  # does not parse
        ("if a:\n    b = old\nc = 1\n", "("),
        ("a = old\n\nb = 1\n", "1 \\"),  # goes on in the next line
        ("a = old\nb = 1\n", "1 +\\"),
        ("a = 1 \\\n# old\n", ""),
        ("def f():\n    a = old\n", "1\nb = 2"),  # out of the block
        ("def f():\n    a = old\n", "1\n     b = 2"),
        ("def f():\n\ta = 1\n\tb = old\n", "1\n        c = 2"),
        ("if a:\n    b = old\nelse:\n    c\n", "1\nelse:\n    d"),
        ("a = 1\n# old\nb = 1\n", "\n    c = 2"),
    ],
)
def test_what_makes_no_sense_as_a_whole_is_not_read_in_pieces(text: str, word: str) -> None:
    assert tree_of(*edited(text, (0, word))) is None


@pytest.mark.parametrize(("old", "new"), [("\tc", "\t\tc"), ("\tc", " c"), ("\tc", "c"), ("\tc", "  \tc"), ("\tc", "\t c")])
def test_a_statement_that_is_indented_otherwise_is_not_read_by_itself(old: str, new: str) -> None:
    text = "def f(a):\n\tb = 1\n\tc = b\n\treturn c\n"
    start = text.index(old)
    items = [Replacement(start, start + len(old), new, ("KM1",), Confidence.SAFE)]
    assert tree_of(Source(None, text), Source(None, applied(text, items)), items) is None


def test_the_last_statement_of_a_block_can_not_go() -> None:
    text = "def f():\n    old\nb = 1\n"
    items = [Replacement(9, 17, "", ("KM1",), Confidence.SAFE)]
    assert tree_of(Source(None, text), Source(None, applied(text, items)), items) is None


def test_the_results_of_the_samples_have_the_tree_of_the_whole_text() -> None:
    read = 0
    for path in SAMPLES.rglob("*.py"):
        result = migrate_text(path.read_text(encoding="utf-8"))
        if result.outcome is not Outcome.CHANGED:
            continue
        after = Source(None, result.after)
        found = tree_of(Source(None, result.before), after, list(result.replacements))
        assert found in (whole(after), None), path
        read += found is not None
    assert read > 3
