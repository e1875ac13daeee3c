"""What the page draws its diffs from: colours, words that differ, the texts themselves, and JSON that is safe in HTML."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_results import changed, renamed

import kmigrate
from kmigrate.report.html.colours import Colours
from kmigrate.report.html.payload import embedded, payload
from kmigrate.report.hunks import lines_of
from kmigrate.report.words import visible


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
