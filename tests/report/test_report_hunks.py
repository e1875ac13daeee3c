"""Hunks: which lines change, and that both texts can be read off them."""

import json

from hypothesis import given
from hypothesis import strategies as st
from made_results import changed, renamed

from kmigrate.report.diff import header
from kmigrate.report.hunks import hunks, lines_of
from kmigrate.results import FileResult
from kmigrate.source.notebook.source import NotebookSource

LINES = "".join(f"line {number}\n" for number in range(1, 31))


def both(result: FileResult) -> tuple[str, str]:
    """The old and the new text, read off the hunks and the lines between them."""
    old = lines_of(result.before)
    before, after, position = list[str](), list[str](), 0
    for hunk in hunks(result):
        between = old[position : hunk.start]
        before += between
        after += between
        assert (len(before), len(after)) == (hunk.start, hunk.new_start)
        rows = list(hunk.rows())
        before += [line for sign, line in rows if sign != "+"]
        after += [line for sign, line in rows if sign != "-"]
        assert len(after) == hunk.new_start + hunk.new_length
        position = hunk.end
    return "".join(before + old[position:]), "".join(after + old[position:])


def test_a_hunk_holds_three_lines_around_the_change() -> None:
    (hunk,) = hunks(renamed(LINES, "line 10\n", "new\n"))
    assert (hunk.start, hunk.end, hunk.new_start, hunk.new_length) == (6, 13, 6, 7)
    assert [sign for sign, _ in hunk.rows()] == [*"   ", "-", "+", *"   "]
    assert hunk.rules == ("KM100",)


def test_near_changes_share_a_hunk_and_far_ones_do_not() -> None:
    at = [LINES.index(f"line {number}\n") for number in (5, 12, 20)]
    first, second = hunks(changed(LINES, *((place, place + 4, "row") for place in at)))
    assert (first.start, first.end, first.rules) == (1, 15, ("KM100", "KM101"))
    assert (second.start, second.end, second.rules) == (16, 23, ("KM102",))


def test_changes_of_one_line_are_one_block() -> None:
    (hunk,) = hunks(renamed("f(a=1, a=2)\n", "a", "b"))
    assert [block.new for block in hunk.blocks] == [("f(b=1, b=2)\n",)]


def test_an_inserted_line_is_an_addition_only() -> None:
    (hunk,) = hunks(changed("a\nb\n", (2, 2, "import x\n")))
    assert list(hunk.rows()) == [(" ", "a\n"), ("+", "import x\n"), (" ", "b\n")]


def test_a_deleted_line_is_a_deletion_only() -> None:
    (hunk,) = hunks(changed("a\nb\nc\n", (2, 4, "")))
    assert list(hunk.rows()) == [(" ", "a\n"), ("-", "b\n"), (" ", "c\n")]


def test_lines_that_stay_inside_a_replacement_are_not_shown_as_changed() -> None:
    (hunk,) = hunks(changed("f(\n  a,\n  b)\n", (0, 12, "g(\n  a,\n  b)")))
    assert [sign for sign, _ in hunk.rows()] == ["-", "+", " ", " "]


def test_removed_lines_come_before_added_lines() -> None:
    (hunk,) = hunks(renamed("x=1\nx=2\n", "x", "y"))
    assert [sign for sign, _ in hunk.rows()] == ["-", "-", "+", "+"]


def test_a_result_that_does_not_say_how_it_changed_is_compared_as_a_whole() -> None:
    from dataclasses import replace

    result = replace(renamed(LINES, "line 10\n", "new\n"), replacements=())
    assert both(result) == (result.before, result.after)
    assert len(hunks(result)) == 1


def test_hunks_of_a_notebook_stay_in_their_cells_and_count_their_lines() -> None:
    cells = [{"cell_type": kind, "source": text} for kind, text in (("code", "a\nold"), ("raw", "x"), ("code", "old\n"))]
    source = NotebookSource.from_bytes(json.dumps({"cells": cells}).encode())
    first, second = hunks(renamed(source.text, "old", "new", source=source))

    assert (first.cell, header(first), list(first.rows())) == (
        1, "@@ cell 1: -1,2 +1,2 @@", [(" ", "a\n"), ("-", "old\n"), ("+", "new\n")],
    )  # fmt: skip
    assert (second.cell, header(second), list(second.rows())) == (
        3, "@@ cell 3: -1,2 +1,2 @@", [("-", "old\n"), ("+", "new\n"), (" ", "\n")],
    )  # fmt: skip
    assert second.rules == ("KM101",)


def test_a_line_that_a_cell_gets_is_an_addition_only() -> None:
    source = NotebookSource.from_bytes(json.dumps({"cells": [{"cell_type": "code", "source": "a"}]}).encode())
    (hunk,) = hunks(renamed(source.text, "a", "a\nb", source=source))

    assert list(hunk.rows()) == [(" ", "a\n"), ("+", "b\n")]


def test_an_unchanged_file_has_no_hunks() -> None:
    assert hunks(changed(LINES)) == ()


@given(
    st.text("ab\n\r", max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 6), st.text("xy\n", max_size=5)), max_size=5),
)
def test_both_texts_can_be_read_off_the_hunks(text: str, wishes: list[tuple[int, int, str]]) -> None:
    swaps, free = [], 0
    for start, length, new in sorted(wishes):
        if free <= start <= len(text):
            end = min(start + length, len(text))
            swaps.append((start, end, new))
            free = end + 1
    result = changed(text, *swaps)
    assert both(result) == (result.before, result.after)
