"""Is the tree of which only the edited statements were parsed the one that Python gives for the whole text?"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from kmigrate import migrate_text
from kmigrate.edits import Confidence, Replacement, applied
from kmigrate.results import Outcome
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


def tree_of(before: Source, after: Source, items: list[Replacement]) -> str | None:
    """All that a tree says, positions included."""
    tree = reparsed(ast.parse(before.text), before, after, items)
    return None if tree is None else ast.dump(tree, include_attributes=True)


def whole(after: Source) -> str:
    return ast.dump(ast.parse(after.text), include_attributes=True)


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
    assert [new is old for new, old in zip(found.body, tree.body, strict=True)] == [True, True, True, False, True]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_that_come_and_go_within_one_statement(end: str) -> None:
    text = "def f(old,\n      b):\n    c = old\n    return c\nlast = 1\n".replace("\n", end)
    one, other = text.index(f"old,{end}"), text.index("old\n".replace("\n", end))
    items = [
        Replacement(one, one + 4 + len(end) + 6, "old, ", ("KM1",), Confidence.SAFE),
        Replacement(other, other + 3, f"(old +{end}         1)", ("KM1",), Confidence.SAFE),
    ]
    after = Source(None, applied(text, items))
    assert tree_of(Source(None, text), after, items) == whole(after)
    moved = Source(None, f"x = 1{end}{text}")
    assert tree_of(moved, Source(None, f"x = (1,{end}){end}{after.text}"), items) is None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("a = old\nb = 1\n", "1\nc = 2"),  # a line more
        ("a = (1,\n     old)\n", "\n2"),  # a line more inside of brackets
        ("# old\nb = 1\n", "c"),  # outside of statements
        ("a = old; b = 1\n", "2"),  # two statements on the line
        ("a = old\nb = 1\n", "(2"),  # does not parse
        ("a = old\nb = 1\n", "2; c = 3"),  # became two statements
        ("if a:\n    b = old\nc = 1\n", "("),
    ],
)
def test_the_whole_text_is_to_be_parsed_where_that_is_not_so_cheap(text: str, word: str) -> None:
    assert tree_of(*edited(text, (0, word))) is None


def test_the_results_of_the_samples_have_the_tree_of_the_whole_text() -> None:
    told = 0
    for path in SAMPLES.rglob("*.py"):
        result = migrate_text(path.read_text(encoding="utf-8"))
        if result.outcome is not Outcome.CHANGED:
            continue
        after = Source(None, result.after)
        found = tree_of(Source(None, result.before), after, list(result.replacements))
        assert found in (whole(after), None), path
        told += found is not None
    assert told > 3
