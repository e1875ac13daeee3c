"""Which comments are ignore comments, and which lines do they speak for?"""

import json

import pytest

from kmigrate.source.notebook.source import NotebookSource
from kmigrate.source.suppressions import NONE, ignores
from kmigrate.source.text import Source


def found(text: str) -> list[tuple[int, int, tuple[str, ...]]]:
    return [(item.first, item.last, item.ids) for item in ignores(Source("net.py", text)).listed]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = 1  # kmigrate: ignore\n", [(1, 1, ())]),
        ("x = 1  #kmigrate:ignore because\n", [(1, 1, ())]),
        ("x = 1  # kmigrate: ignore[KM100, km2]\n", [(1, 1, ("KM100", "KM2"))]),
        ("x = 1  # why  # kmigrate: ignore[KM100]\n", [(1, 1, ("KM100",))]),
        ("x = 1  # noqa  # kmigrate: ignore", [(1, 1, ())]),
        ("# kmigrate: ignore\nx = [1,\n     2]\ny = 3\n", [(2, 3, ())]),
        ("# kmigrate: ignore\n\n# more\nx = 1\n", [(4, 4, ())]),
        ("f(1,\n  # kmigrate: ignore\n  2,\n  3)\n", [(3, 3, ())]),
        ("if x:\n    # kmigrate: ignore\n    y = (1,\n         2)\n", [(3, 4, ())]),
        ("x = '# kmigrate: ignore'\n", []),
        ('x = """\n# kmigrate: ignore\n"""\n', []),
        ("x = 1  # kmigrate: ignored\n", []),
        ("x = 1  # kmigrate: ignore-me\n", []),
        ("x = 1  # kmigrate: ignore[]\n", [(1, 0, ())]),
        ("import a\n# kmigrate: ignore-file[KM1, KM22]\nx = 1\n", [(1, 4, ("KM1", "KM22"))]),
        ("# kmigrate: ignore-file[]\nx = 1\n", [(1, 0, ())]),
        ("# kmigrate: ignore-files\nx = 1\n", []),
        ("x = 1  # kmigrate: ignore [KM1]\n", [(1, 1, ("KM1",))]),
        ("print 'a'  # kmigrate: ignore\nexec 'b'\n", [(1, 1, ())]),
        ("x = 1  # kmigrate: ignore\r\ny = 2  # kmigrate: ignore[KM1]\r\n", [(1, 1, ()), (2, 2, ("KM1",))]),
        ("x = $\ny = 1  # kmigrate: ignore\n", [(2, 2, ())]),
    ],
)
def test_comments(text: str, expected: list[tuple[int, int, tuple[str, ...]]]) -> None:
    assert found(text) == expected


def test_the_whole_file() -> None:
    assert ignores(Source("net.py", "import keras\n# kmigrate: ignore-file\n")).file == 13
    assert ignores(Source("net.py", "x = '# kmigrate: ignore-file'\n")).file is None
    assert ignores(Source("net.py", "# kmigrate: ignore-file: legacy\n")).file == 0
    assert ignores(Source("net.py", "import keras\n")) is NONE


def test_a_notebook_has_its_comments_in_its_cells() -> None:
    cells = [["%matplotlib inline\n", "x = 1  # kmigrate: ignore\n"], ["# kmigrate: ignore[KM1]\n", "y = f(\n", "  2)"]]
    data = {
        "cells": [
            {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": c} for c in cells
        ],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 0,
    }
    source = NotebookSource.from_bytes(json.dumps(data).encode(), "n.ipynb")
    first, second = ignores(source).listed
    assert source.text.splitlines()[first.first - 1].startswith("x = 1")
    assert [source.text.splitlines()[line - 1] for line in (second.first, second.last)] == ["y = f(", "  2)"]


def test_a_use_is_covered_where_it_begins_or_ends() -> None:
    (comment,) = ignores(Source("net.py", "f(1,\n  2)  # kmigrate: ignore\n")).listed
    assert comment.covers(1, 2) and comment.covers(2, 2)
    assert not comment.covers(1, 1) and not comment.covers(1, 3)
