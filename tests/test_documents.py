# ruff: noqa: E501  the programs of the tests stand on one line each
"""Python blocks of documents are migrated on request; whatever else a document says stays as it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import kmigrate
from kmigrate.cli import main
from kmigrate.config import Settings
from kmigrate.results import Outcome, Position

README = """\
# A network in Keras, coding: brief

`Dense(output_dim=3)` is gone; nb_epoch too.

```python
from keras.layers import Dense, merge
from keras.models import Sequential

model = Sequential()
model.add(Dense(output_dim=3, input_dim=4))
```

1. Then, in a list:

   ```py
   model.fit(x, y, nb_epoch=2)
   ```

> ~~~python
> both = merge([a, b], mode='sum')
> ~~~

```bash
fit.py --nb_epoch=3
```

```
model.fit(x, y, nb_epoch=3)
```

    model.fit(x, y, nb_epoch=4)

```pycon
>>> print model.fit(x, y, nb_epoch=5)
model.fit(x, y, nb_epoch=5)
```
"""
CHANGES = [
    ("import Dense, merge", "import Dense, add"),
    ("add(Dense(output_dim=3", "add(Dense(units=3"),
    ("nb_epoch=2", "epochs=2"),
    ("merge([a, b], mode='sum')", "add([a, b])"),
    ("\nmodel.fit(x, y, nb_epoch=3)", "\nmodel.fit(x, y, epochs=3)"),
    ("print model.fit(x, y, nb_epoch=5", "print model.fit(x, y, epochs=5"),
]
RST = """\
.. code-block:: python
   :linenos:

   from keras.models import Sequential
   model = Sequential()

So::

  model.fit(x, y, nb_epoch=3)
"""


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_only_the_blocks_change(end: str) -> None:
    expected = README
    for old, new in CHANGES:
        assert expected.count(old) == 1
        expected = expected.replace(old, new)

    result = kmigrate.migrate_text(README.replace("\n", end), "README.md")
    assert result.after == expected.replace("\n", end)
    assert result.to_bytes() == result.after.encode()
    assert result.reviews == ()
    again = kmigrate.migrate_text(result.after, "README.md")
    assert (again.outcome, again.after) == (Outcome.CLEAN, result.after)


def test_places_are_lines_of_the_document() -> None:
    result = kmigrate.migrate_text(README, "README.md")

    places = {change.name: change.position for change in result.changes}
    assert places["keras.layers.Dense"] == Position(10, 11)
    assert places["keras.layers.merge"] == Position(20, 10)


def test_new_lines_stand_where_the_block_stands() -> None:
    before = "So:\n\n  .. code:: python\n\n     from keras.models import Model\n     x = f(merge, y)\n     m = Model(\n         input=a,\n         output=b)\n"
    call = "m.add(SimpleRNN(3, input_dim=2))"
    text = f">  ```python\n>  from keras.layers import SimpleRNN\n>  from keras.models import Sequential\n>  m = Sequential()\n>  {call}\n>  ```\n"

    assert kmigrate.migrate_text(before, "a.rst").after == before.replace("input=a", "inputs=a").replace("output=b", "outputs=b")
    after = kmigrate.migrate_text(text, "a.md").after
    assert ">  from keras.models import Sequential; from keras.initializers import Orthogonal\n" in after
    assert [line[:3] for line in after.splitlines()] == [">  "] * 6


def test_new_lines_are_indented_as_the_block() -> None:
    text = "* ```python\n  from keras.layers import SimpleRNN\n  r = SimpleRNN(3)\n  ```\n"
    after = kmigrate.migrate_text(text, "a.md").after

    assert after.splitlines()[:3] == [
        "* ```python", "  from keras.layers import SimpleRNN", "  from keras.initializers import Orthogonal",
    ]  # fmt: skip


@pytest.mark.parametrize("margin", ["", "   ", "\t", "> ", ">>> "])
def test_the_first_import_of_a_block_stands_behind_its_margin(margin: str) -> None:
    lines = ["for n in units: m.add(SimpleRNN(n, input_dim=3))"]
    first = ["if keras: from keras.layers import SimpleRNN", "m = Sequential()"]
    text = "".join(f"{margin}{line}\n" for line in (*first, *lines))
    fence = margin.replace(">>> ", "")
    after = kmigrate.migrate_text(f"{fence}```python\n{text}{fence}```\n", "a.md").after

    assert f"```python\n{margin}from keras.initializers import Orthogonal\n{margin}if keras" in after


def test_each_block_keeps_the_imports_that_it_shows() -> None:
    block = "```python\nfrom keras.layers import Dense, Convolution2D, merge\nx = merge([Dense(3)(a), Convolution2D(3, 3, 3)(b)], mode='sum')\n```\n"
    after = kmigrate.migrate_text(f"{block}\nOnce more:\n\n{block}", "a.md").after

    assert after.count("from keras.layers import Dense, Conv2D, add\n") == 2


@pytest.mark.parametrize(
    "block",
    [
        "> ```python\n> from keras.layers import Dense\n> Dense(output_dim=3,\n>       init='zero')\n> ```\n",
        "```python\n>>> from keras.layers import Dense\n>>> Dense(output_dim=3,\n...       init='zero')\n```\n",
        "```python\nIn [1]: from keras.layers import (Dense,\n   ...:     Lambda)\nIn [2]: Dense(output_dim=3)\n```\n",
    ],
)
def test_no_statement_is_written_across_marks(block: str) -> None:
    result = kmigrate.migrate_text(block, "a.md")

    assert result.after == block
    assert ["goes on behind" in review.reason for review in result.reviews] == [True]


@pytest.mark.parametrize("mark", ["> ", ">>> ", "In [1]: "])
def test_an_added_argument_stays_behind_the_mark(mark: str) -> None:
    call = "encoder = GRU(8, consume_less='gpu', inner_activation='sigmoid', U_regularizer='l2', name='an encoder')"
    block = f"{mark}from keras.layers import GRU\n{mark}from keras.layers import Dense\n{mark}{call}\n"
    fence = mark if mark == "> " else ""
    result = kmigrate.migrate_text(f"{fence}```python\n{block}{fence}```\n", "a.md")

    assert result.failure is None
    assert "reset_after=False)\n" in result.after
    assert all(line.startswith(mark) for line in result.after.splitlines()[1:-1])


def test_blocks_of_statements_may_stand_behind_marks() -> None:
    text = ">>> from keras.layers import Dense\n>>> for n in units:\n...     x = Dense(output_dim=n)(x)\n...     print n\n1\n"

    assert kmigrate.migrate_text(text, "a.rst").after == text.replace("output_dim", "units")


@pytest.mark.parametrize("name", ["a.md", "a.ipynb"])
def test_a_statement_that_only_the_next_block_ends_is_none(name: str) -> None:
    first, second = "from keras.layers import Dense\nx = Dense(output_dim=3,\n", "init='zero')\n"
    text = f"```python\n{first}```\n\n```python\n{second}```\n"
    if name == "a.ipynb":
        text = json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in (first, second)]})
    result = kmigrate.migrate_text(text, name)

    assert result.to_bytes() == text.encode()
    assert [review.name for review in result.reviews] == ["code that is no Python"]


def test_arguments_left_out_are_not_guessed() -> None:
    text = "```python\nfrom keras.layers import Dense\nDense(3, ...)\nDense(output_dim=3, ...)\n```\n"
    result = kmigrate.migrate_text(text, "a.md")

    assert result.after == text
    assert [(review.rule, review.position.line) for review in result.reviews] == [("KM100", 3), ("KM100", 4)]


def test_a_block_that_cannot_be_read_is_a_review() -> None:
    text = "```python\nfrom keras.layers import Dense\n```\n\n```python\nDense(output_dim=3\n```\n\n```python\nhello world\n```\n"
    result = kmigrate.migrate_text(text, "a.md")

    assert [(review.name, review.position.line) for review in result.reviews] == [("code that is no Python", 6)]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two documents and a source."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.MD").write_text(README)
    (tmp_path / "docs" / "guide.rst").write_text(RST)
    (tmp_path / "net.py").write_text("from keras.layers import Dense\nDense(output_dim=3)\n")
    return tmp_path


def test_folders_are_searched_for_documents_on_request(project: Path) -> None:
    names = lambda docs: [Path(r.path or "").name for r in kmigrate.scan(project, settings=Settings(docs=docs))]  # noqa: E731

    assert names(False) == ["net.py"]
    assert names(True) == ["README.MD", "guide.rst", "net.py"]


def test_a_document_that_is_named_is_migrated(project: Path) -> None:
    assert main(["diff", "README.MD"]) == 1
    assert main(["migrate", "README.MD"]) == 0
    assert "epochs=2" in (project / "README.MD").read_text()
    assert "nb_epoch" in (project / "docs" / "guide.rst").read_text()


@pytest.mark.parametrize("command", ["diff", "scan", "migrate"])
def test_the_option_of_the_commands(project: Path, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    main([command, "."])
    assert "guide.rst" not in capsys.readouterr().out
    main([command, ".", "--docs"])
    assert "guide.rst" in capsys.readouterr().out
    done = "epochs=3" in (project / "docs" / "guide.rst").read_text().replace("nb_epoch", "")
    assert done is (command == "migrate")
