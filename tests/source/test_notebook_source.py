"""A notebook is a source: its cells are one text, and only the strings that changed are written."""

import ast
import json
from dataclasses import replace

import pytest
from made_notebooks import changed_lines, code, notebook

from kmigrate.edits import Confidence, Replacement, applied
from kmigrate.results import Position
from kmigrate.source.notebook.source import NotebookSource
from kmigrate.source.notebook.walk import BrokenNotebook
from kmigrate.source.parsing import parse, parsed


def test_cells_are_one_text_with_a_comment_above_each() -> None:
    source = NotebookSource.from_bytes(notebook("import keras\n", "x = 1\ny = 2"))

    assert source.text == "# %% cell 1\nimport keras\n\n# %% cell 2\nx = 1\ny = 2\n"
    assert ast.unparse(parse(source)) == "import keras\nx = 1\ny = 2"


def test_markdown_counts_and_is_no_code() -> None:
    data = json.loads(notebook("x = 1"))
    data["cells"].insert(0, {"cell_type": "markdown", "metadata": {}, "source": ["print 1"]})
    source = NotebookSource.from_bytes(json.dumps(data).encode())

    assert source.text == "# %% cell 2\nx = 1\n"


@pytest.mark.parametrize("version", [3, 4])
@pytest.mark.parametrize("indent", [None, 1, 2])
@pytest.mark.parametrize("cells", [(), ("",), ("x = 'é'\n\n", "", "%time x"), (["a = 1\nb", " = 2\n", ""],)])
def test_without_edits_the_bytes_stay(version: int, indent: int | None, cells: tuple[str, ...]) -> None:
    data = notebook(*cells, version=version, indent=indent)
    source = NotebookSource.from_bytes(data)

    assert source.encode(source.text) == data


def test_escapes_bom_and_odd_layout_stay() -> None:
    cell = b'{"source" : [ "x = \\"\\u00e9\\/\\"\\n" ,\t"y = 1"]\r\n, "cell_type":"code"}'
    data = b'\xef\xbb\xbf{ "cells":[' + cell + b' ] , "a": 1e3}\n\n'
    source = NotebookSource.from_bytes(data)

    assert source.text == '# %% cell 1\nx = "é/"\ny = 1\n'
    assert source.encode(source.text) == data
    after = source.encode(source.text.replace("y = 1", "y = 2").replace("x =", "é ="))
    assert after == data.replace(b"y = 1", b"y = 2").replace(b'"x =', b'"\\u00e9 =')


@pytest.mark.parametrize("version", [3, 4])
def test_only_changed_lines_differ(version: int) -> None:
    data = notebook("import keras\nfit(nb_epoch=3)\nx = 1", "fit(nb_epoch=3)", version=version)
    source = NotebookSource.from_bytes(data)
    after = source.encode(source.text.replace("(nb_epoch=3)\nx", "(epochs=3)\nx"))

    old, new = changed_lines(data, after)
    assert [line.strip() for line in old] == ['"fit(nb_epoch=3)\\n",']
    assert [line.strip() for line in new] == ['"fit(epochs=3)\\n",']
    assert json.loads(after) == json.loads(data.replace(b'"fit(nb_epoch=3)\\n"', b'"fit(epochs=3)\\n"'))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["a\n", "b"], ["a\n", "# é\n", "b"]),
        (["a\n", "b"], ["a\n", "b\n", "c"]),
        (["a\n", "b"], ["0\n", "a\n", "b"]),
        (["a\n", "b"], ["a"]),
        (["a\n", "b"], ["b"]),
        (["a\n", "b\n"], ["a\n", "c\n", "b2\n"]),
        (["a"], ["b\n", "c"]),
        (["a"], []),
        ([], ["a\n", "b"]),
    ],
)
@pytest.mark.parametrize("indent", [1, 4])
def test_lines_are_items_as_a_notebook_writes_them(before: list[str], after: list[str], indent: int) -> None:
    source = NotebookSource.from_bytes(notebook(before, "x", indent=indent))

    new = source.encode("# %% cell 1\n" + "".join(after) + "\n# %% cell 2\nx\n")
    assert json.loads(new) == json.loads(notebook(after, "x"))
    assert before == [] or new == notebook(after, "x", indent=indent)


def test_a_source_of_one_string_stays_one_string() -> None:
    data = json.dumps({"cells": [code("a = '\u00e9<'\nb = 1\n"), code("c")]}).replace("<", "\\u003c").encode()
    source = NotebookSource.from_bytes(data)
    after = source.encode(source.text.replace("b = 1", "b = 'ü'\nd = 2"))

    assert after == data.replace(b"b = 1", b"b = '\\u00fc'\\nd = 2")


def test_items_of_several_lines_stay_items() -> None:
    data = notebook(["a = 1\nb = 2\n", "c = 3\nd = 4\n", "e"])
    source = NotebookSource.from_bytes(data)

    assert source.encode(source.text.replace("c = 3", "c = 5")) == data.replace(b"c = 3", b"c = 5")


def test_surrogates_stay_escaped() -> None:
    data = json.dumps({"cells": [code(["x = '\ud83d'\n", "y = 1"])], "é": 1}).encode().replace(b"\\u00e9", "é".encode())
    source = NotebookSource.from_bytes(data)

    assert ast.unparse(parse(source)).endswith("y = 1")
    assert source.encode(source.text.replace("x", "z").replace("'\n", "'#\n")) == data.replace(b"x =", b"z =").replace(
        b"'\\n", b"'#\\n"
    )


def test_replacements_land_in_their_cells() -> None:
    data = notebook("import a\n", "b")
    source = NotebookSource.from_bytes(data)
    end = source.text.index("b\n") + 1
    items = [Replacement(0, 0, "import c\n", (), Confidence.SAFE), Replacement(end, end, "\nc", (), Confidence.SAFE)]
    new = source.encode(applied(source.text, items))

    assert new == notebook("import c\nimport a\n", "b\nc")


def test_what_stands_above_all_cells_goes_into_the_first_that_is_python() -> None:
    source = NotebookSource.from_bytes(notebook("%%bash\nls", "x"))

    assert source.encode("import a\n" + source.text) == notebook("%%bash\nls", "import a\nx")


def test_cells_cannot_be_lost() -> None:
    source = NotebookSource.from_bytes(notebook("a", "b"))

    with pytest.raises(ValueError, match="does not hold the cells"):
        source.encode("# %% cell 1\na\nb\n")


def test_comments_of_the_user_are_no_cells() -> None:
    data = notebook("# %% cell 1\nx\n", "# %%% cell 2\ny")
    source = NotebookSource.from_bytes(data)

    assert source.encode(source.text) == data
    assert [span.number for span in source.spans] == [1, 2]


def test_places_are_cell_and_line() -> None:
    source = NotebookSource.from_bytes(notebook("a\nbb\n", "ccc"))

    assert source.place(source.text.index("bb") + 1) == Position(2, 2, 1)
    assert source.place(source.text.index("ccc")) == Position(1, 1, 2)
    assert source.place(0) == Position(1, 1, 1)
    assert source.place(len(source.text)) == Position(1, 4, 2)


def test_a_source_with_a_new_text_is_still_the_notebook() -> None:
    source = NotebookSource.from_bytes(notebook("a", "print b"))
    after = replace(source, text=source.text.replace("a\n", "a\nc\n"))

    assert parsed(after).python2
    assert json.loads(after.encode(after.text))["cells"][0]["source"] == ["a\n", "c"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "line 1: a notebook is a JSON object"),
        (b"[]", "line 1: a notebook is a JSON object"),
        (b'{"cells": 1}', "line 1: `cells` is a list"),
        (b'{"cells":\n [1]}', "line 2: a cell is a JSON object"),
        (b'{"cells":\n\n [{"source": [1]}]}', "line 3: the source of a cell is a string or a list of strings"),
        (b'{"cells": []', "line 1: `,` is due here"),
        (b'{"cells": [],\n "a": tru}', "line 2: this is not JSON: Expecting value"),
        (b'{"cells": [],\n "a": "tru', "line 2: this is not JSON: Unterminated string"),
        (b'{"a" 1}', "line 1: `:` is due here"),
        (b"{1: 1}", "line 1: a name in quotes is due here"),
        (b"{}\n{}", "line 2: this is not JSON: Extra data"),
        (b'{"a": 1,\n "\xff": 1}', "line 2: this is not UTF-8 text (byte 11)"),
        (b'{"a": ' + b"[" * 200_000, "line 1: the JSON is nested too deeply"),
    ],
)
def test_broken_notebooks_say_line_and_reason(data: bytes, message: str) -> None:
    with pytest.raises(BrokenNotebook) as caught:
        NotebookSource.from_bytes(data)

    assert str(caught.value) == message


@pytest.mark.parametrize(
    "metadata", [{"kernelspec": {"language": "bash", "name": "bash"}}, {"language_info": {"name": "julia"}}]
)
def test_notebooks_in_other_languages_hold_no_python(metadata: dict[str, object]) -> None:
    data = notebook("ls", **metadata)
    source = NotebookSource.from_bytes(data)

    assert source.text == ""
    assert source.encode("") == data
