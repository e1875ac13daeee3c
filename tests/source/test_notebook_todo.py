"""TODO comments in notebooks: the right cell, and away again to the byte."""

from __future__ import annotations

import json

import pytest
from made_notebooks import notebook
from todo_check import IMPORT, check, cleared, engine

from kmigrate.source.notebook.source import NotebookSource
from kmigrate.todo.clear import todos

NOTEBOOKS = {
    "lines": notebook([IMPORT], ["%matplotlib inline\n", "x = Hard(3)\n", "!ls\n", "y = Hard(4)"]),
    "one cell": notebook([IMPORT, "x = Hard(3)"]),
    "old": notebook([IMPORT], ["x = Hard(3)"], version=3),
    "dense": notebook([IMPORT], ["x = Hard(3)"], indent=None),
    "one string": notebook([IMPORT], ["a\n", "x = Hard(3)"]).replace(b'[\n    "a\\n",\n    "x = Hard(3)"\n   ]', b'"a\\nx = Hard(3)"'),  # noqa: E501
    "one item": notebook([IMPORT], ["a = 1\nx = Hard(3)\nb = 2"]),
    "magic": notebook([IMPORT], ["%%time\n", "x = Hard(3)\n"], ["%%bash\n", "Hard\n"]),
}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebooks_come_back_to_the_byte(name: str) -> None:
    source = NotebookSource.from_bytes(NOTEBOOKS[name], "x.ipynb")
    found = check(source)
    data = found.to_bytes()
    json.loads(data)
    read = NotebookSource.from_bytes(data, "x.ipynb")
    assert len(todos(read)) >= 2
    plain = engine(False).migrate(source)
    assert read.encode(cleared(read)) == plain.to_bytes()
