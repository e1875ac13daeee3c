"""Where does a new import come in a notebook that begins with lines for IPython?"""

from __future__ import annotations

import pytest
from made_notebooks import notebook

from kmigrate.config import Settings
from kmigrate.engine import Engine
from kmigrate.source.notebook.source import NotebookSource

BRANCH = """\
if x:
    from keras.layers import Dense, Input
    a = Input(shape=(3,))
    y = Dense(2)(a + a)
"""
ADD = "from keras.layers import Add\n"


@pytest.mark.parametrize(
    ("first", "after"),
    [
        ("%matplotlib inline\n", f"%matplotlib inline\n{ADD}"),
        ("# a plot\n!ls\nz = 1\n", f"# a plot\n!ls\n{ADD}z = 1\n"),
        ("%%time\nz = 1\n", f"%%time\n{ADD}z = 1\n"),
        ("!ls \\\n  -l\nz = 1\n", f"!ls \\\n  -l\n{ADD}z = 1\n"),
        ("%time z = 1\n", f"{ADD}%time z = 1\n"),
        ("%load_ext autoreload\nimport os\nz = 1\n", f"%load_ext autoreload\nimport os\n{ADD}z = 1\n"),
        ("z = !ls\n", f"{ADD}z = !ls\n"),
        ("model?\n", f"{ADD}model?\n"),
    ],
)
def test_it_comes_behind_them(first: str, after: str) -> None:
    source = NotebookSource.from_bytes(notebook(first, BRANCH), "a.ipynb")
    result = Engine(None, Settings()).migrate(source)
    assert result.failure is None
    assert result.after == source.text.replace(first, after).replace("a + a", "Add()([a, a])")
