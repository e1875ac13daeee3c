"""Whatever the notebook and the edits: other strings keep their bytes, and nothing unannounced is raised."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from kmigrate.source.notebook.magics import without_magics
from kmigrate.source.notebook.source import NotebookSource
from kmigrate.source.notebook.walk import BrokenNotebook
from kmigrate.source.parsing import parsed

LINE = st.text("ab =('\"\\é\t%!?#🙂", max_size=8)
CELL = st.lists(LINE, max_size=4).map("\n".join)
CELLS = st.lists(CELL, min_size=1, max_size=4)


@st.composite
def notebooks(draw: st.DrawFn, cells: list[str]) -> bytes:
    made = []
    for cell in cells:
        listed = draw(st.booleans())
        source = cell.split("\n") if draw(st.booleans()) else [cell]
        lines = [line + "\n" for line in source[:-1]] + source[-1:] if len(source) > 1 else source
        made.append({"cell_type": "code", "outputs": ["x = 1\n"], "source": lines if listed else cell})
    indent = draw(st.sampled_from([None, 1, 4]))
    return json.dumps({"cells": made, "n": "é"}, indent=indent, ensure_ascii=draw(st.booleans())).encode()


@settings(max_examples=150, deadline=None)
@given(st.data(), CELLS, CELLS)
def test_new_cells_are_what_is_read_again(data: st.DataObject, old: list[str], new: list[str]) -> None:
    new = (new + old)[: len(old)]
    raw = data.draw(notebooks(old))
    source = NotebookSource.from_bytes(raw)
    assert source.encode(source.text) == raw

    text = "".join(f"{source.mark}{number}\n{cell}\n" for number, cell in enumerate(new, start=1))
    after = source.encode(text)
    assert [cell.text for cell in NotebookSource.from_bytes(after).cells] == new
    assert source_free(after) == source_free(raw)
    kept = [cell for cell, now in zip(source.cells, new, strict=True) if cell.text == now]
    assert all(source.raw[cell.start : cell.end] in after.decode() for cell in kept)


@settings(max_examples=150, deadline=None)
@given(st.data(), CELLS)
def test_any_cells_are_read(data: st.DataObject, cells: list[str]) -> None:
    source = NotebookSource.from_bytes(data.draw(notebooks(cells)))

    read = parsed(source)
    assert len(read.unread) <= len(cells)
    assert all(len(without_magics(cell)) == len(cell) for cell in cells)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_corrupted_notebooks_are_broken_or_read(data: st.DataObject) -> None:
    raw = data.draw(notebooks(["import keras\nprint x", "%time y", "é"]))
    start = data.draw(st.integers(0, len(raw)))
    cut = raw[:start] + data.draw(st.binary(max_size=2)) + raw[start + data.draw(st.integers(0, 500)) :]
    try:
        source = NotebookSource.from_bytes(cut)
    except BrokenNotebook as error:
        assert error.line >= 1 and error.reason
    else:
        assert source.encode(source.text) == cut
        parsed(source)


def source_free(raw: bytes) -> object:
    """What the notebook says apart from its sources."""
    top = json.loads(raw)
    return [{key: value for key, value in cell.items() if key != "source"} for cell in top["cells"]], top["n"]
