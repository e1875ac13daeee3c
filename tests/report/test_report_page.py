"""What the page draws its diffs from: colours, words that differ, the texts themselves, and JSON that is safe in HTML."""

import json
import re
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_notebooks import notebook
from made_results import changed, renamed

import kmigrate
from kmigrate.config import Settings
from kmigrate.engine import Engine
from kmigrate.report.html.colours import Colours
from kmigrate.report.html.payload import embedded, payload
from kmigrate.report.hunks import lines_of
from kmigrate.report.words import visible
from kmigrate.source.document.source import DocumentSource
from kmigrate.source.notebook.source import NotebookSource


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("def f(x): return 3.5\n", 0, [("def", "keyword"), ("return", "keyword"), ("3.5", "number")]),
        ("x = 'a # b'  # c 'd'\n", 0, [("'a # b'", "string"), ("# c 'd'", "comment")]),
        ('x = """a\nif b\n"""; y = 1\n', 1, [("if b\n", "string")]),
        ('x = """a\nif b\n"""; y = 1\n', 2, [('"""', "string"), ("1", "number")]),
        (
            "print u'é', 0x1F, 10L\n",
            0,
            [("print", "keyword"), ("u'é'", "string"), ("0x1F", "number"), ("10L", "number")],
        ),
        ("x1 = y.if_ + r'\\'\n", 0, [("r'\\'", "string")]),
        ("x = 'open\nif y: pass\n", 1, [("if", "keyword"), ("pass", "keyword")]),
        ("# a\n\nx\n", 1, []),
    ],
)
def test_colours(text: str, line: int, expected: list[tuple[str, str]]) -> None:
    here = lines_of(text)[line]
    assert [(here[start:end], kind) for start, end, kind in Colours(text).of_line(line)] == expected


@given(st.text("ab'\"#\n\\1 ", max_size=60))
def test_colours_lie_in_their_line_and_never_overlap(text: str) -> None:
    colours = Colours(text)
    for number, line in enumerate(lines_of(text)):
        position = 0
        for start, end, _ in colours.of_line(number):
            assert position <= start < end <= len(line)
            position = end


def texts(segments: list[object]) -> str:
    return "".join(item if isinstance(item, str) else str(item[1]) for item in segments)  # type: ignore[index]


@given(
    st.text("ab'#\n\t1", min_size=1, max_size=60),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 6), st.text("xy\n'", max_size=5)), max_size=4),
)
def test_the_rows_hold_the_lines_of_both_texts(text: str, wishes: list[tuple[int, int, str]]) -> None:
    swaps, free = [], 0
    for start, length, new in sorted(wishes):
        if free <= start <= len(text):
            swaps.append((start, min(start + length, len(text)), new))
            free = swaps[-1][1] + 1
    result = changed(text, *swaps)
    old, new = lines_of(result.before), lines_of(result.after)
    for hunk in payload(result)["hunks"]:
        for _, old_number, before, new_number, after in hunk["rows"]:
            assert texts(before) == (visible(old[old_number - 1]) if old_number else "")
            assert texts(after) == (visible(new[new_number - 1]) if new_number else "")


COURSE = notebook(
    "from keras.models import Sequential\nfrom keras.layers import Dense, Convolution2D",
    "model = Sequential()\nmodel.add(Dense(output_dim=3, init='normal'))",
    "%%bash\nls",
    "print('second')\nmodel.add(Dense(output_dim=4))\nmodel.add(Convolution2D(8, 3, 3))",
)


def test_each_cell_of_a_notebook_has_its_own_lines_and_changes() -> None:
    result = Engine(None, Settings()).migrate(NotebookSource.from_bytes(COURSE))
    shown = payload(result)["hunks"]
    assert [(hunk["place"], len(hunk["changes"])) for hunk in shown] == [
        ("cell 1, line 1", 0), ("cell 2, line 1", 1), ("cell 4, line 1", 2),
    ]  # fmt: skip
    cells = {cell.number: cell.text for cell in NotebookSource.from_bytes(COURSE).cells}
    new = NotebookSource.from_bytes(result.to_bytes()).cells
    for hunk, number in zip(shown, (1, 2, 4), strict=True):
        old_lines, new_lines = (text.split("\n") for text in (cells[number], new[number - 1].text))
        assert [(row[1], texts(row[2])) for row in hunk["rows"]] == list(enumerate(old_lines, 1))
        assert [(row[3], texts(row[4])) for row in hunk["rows"]] == list(enumerate(new_lines, 1))
        for change in hunk["changes"]:
            assert change["place"] == f"cell {number}, line {change['at']}"
            assert [row[0] for row in hunk["rows"] if row[1] == change["at"]] == [1], "it begins on a line that changes"


def test_the_blocks_of_a_document_are_shown_on_the_lines_of_the_document() -> None:
    block = "```python\nfrom keras.layers import Dense\nDense(output_dim={})\n```\n"
    source = DocumentSource.from_bytes(("Title\n\n" + block.format(1) + "\ntext\n" * 8 + block.format(2)).encode(), "a.md")
    result = Engine(None, Settings()).migrate(source)
    first, second = payload(result)["hunks"]
    assert (first["place"], second["place"]) == ("line 2", "line 22")
    for hunk, line in ((first, 5), (second, 25)):
        assert [change["at"] for change in hunk["changes"]] == [line]
        assert [row[1] for row in hunk["rows"] if row[0]] == [line]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_code_is_readable_on_every_colour_that_lies_behind_it(scheme: int) -> None:
    style = files("kmigrate.report").joinpath("templates/report.css").read_text()
    colours = dict(re.findall(r"--([\w-]+): #(\w{6})", re.findall(r":root.*?\}", style, re.DOTALL)[scheme]))
    for behind in ("page", "panel", "old", "old-word", "new", "new-word"):
        for text in ("ink", "string", "comment", "keyword", "number"):
            bright, dim = sorted((light(colours[behind]), light(colours[text])), reverse=True)
            assert (bright + 0.05) / (dim + 0.05) >= 4.5, (text, behind)


def light(colour: str) -> float:
    """The relative luminance of a colour, as WCAG 2 defines it."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_words_that_differ_are_marked_and_keep_their_colour() -> None:
    (hunk,) = payload(renamed("f(border_mode='same', n=1)\n", "border_mode='same'", "padding='valid'"))["hunks"]
    ((kind, _, old, _, new),) = hunk["rows"]
    assert kind == 1
    assert ["+", "border_mode"] in old and ["s+", "same"] in old and ["s", "'"] in old
    assert ["+", "padding"] in new and ["s+", "valid"] in new and ["n", "1"] in new


def test_every_change_stands_in_one_hunk() -> None:
    text = (
        "from keras.layers import Dense, Dropout\n"
        + "\n" * 9
        + "a = Dense(output_dim=3)\n"
        + "\n" * 9
        + "b = Dropout(p=.1)\n"
    )
    result = kmigrate.migrate_text(text, "net.py")
    first, second = payload(result)["hunks"]
    assert [[change["rule"] for change in hunk["changes"]] for hunk in (first, second)] == [["KM100"], ["KM103"]]


def test_data_cannot_end_the_element_that_holds_it() -> None:
    data = {"text": "</script><!-- <script> & \u2028"}
    text = embedded(data)
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == data
