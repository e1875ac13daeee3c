"""Do frozen edits render as they should: nested, moved, agreed on, refused where they overlap?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kmigrate.edits import Confidence, Edit, Span, flatten, insert, render, replace
from kmigrate.errors import OverlappingEdits

TEXT = "f(a, b, c)"


def test_nothing_to_do() -> None:
    assert render(TEXT, []) == TEXT
    assert flatten(TEXT, []) == ()


def test_replace_insert_delete() -> None:
    edits = [replace(0, 1, "g", rule="A"), insert(2, "x=", rule="B"), replace(6, 9, rule="C")]
    assert render(TEXT, edits) == "g(x=a, b)"
    assert render(TEXT, reversed(edits)) == "g(x=a, b)"


def test_insertions_at_one_place_keep_their_order_and_are_one_replacement() -> None:
    edits = [insert(9, ", d", rule="A"), insert(9, ", e", rule="B", confidence=Confidence.UNSAFE)]
    assert render(TEXT, edits) == "f(a, b, c, d, e)"
    (replacement,) = flatten(TEXT, edits)
    assert replacement.rules == ("A", "B")
    assert replacement.confidence is Confidence.UNSAFE


def test_text_that_moves_carries_its_edits() -> None:
    inner = replace(5, 6, "B", rule="in")
    outer = replace(2, 6, Span(5, 6), ", ", Span(2, 3), rule="out")
    assert render(TEXT, [outer, inner]) == "f(B, a, c)"


def test_text_written_twice_carries_its_edits_twice() -> None:
    assert (
        render(TEXT, [replace(2, 3, Span(2, 3), Span(2, 3), rule="A"), replace(5, 6, "x", rule="B")]) == "f(aa, x, c)"
    )


def test_an_insertion_that_writes_the_text_before_it_again_carries_its_edits() -> None:
    again = replace(6, 6, ", d=", Span(5, 6), rule="A")
    assert render(TEXT, [again, replace(5, 6, "x", rule="B")]) == "f(a, x, d=x, c)"


def test_confidence_and_rules_of_inner_edits_reach_the_outer_one() -> None:
    (replacement,) = flatten(TEXT, [
        replace(2, 9, "[", Span(2, 9), "]", rule="out"), replace(5, 6, "B", rule="in", confidence=Confidence.UNSAFE),
    ])  # fmt: skip
    assert replacement.text == "[a, B, c]"
    assert replacement.rules == ("out", "in")
    assert replacement.confidence is Confidence.UNSAFE


def test_an_edit_in_text_that_goes_is_lost_with_it() -> None:
    assert render(TEXT, [replace(2, 9, "x", rule="A"), replace(5, 6, "B", rule="B")]) == "f(x)"


def test_inner_insertions_travel_and_plain_ones_stay() -> None:
    outer = replace(5, 6, "(", Span(5, 6), ")", rule="A")
    assert render(TEXT, [outer, insert(5, "k=", rule="B")]) == "f(a, k=(b), c)"
    assert render(TEXT, [outer, insert(5, "-", rule="B", inner=True)]) == "f(a, (-b), c)"


def test_equal_edits_count_once() -> None:
    assert render(TEXT, [replace(3, 6, rule="A"), replace(3, 6, rule="A")]) == "f(a, c)"


@pytest.mark.parametrize("second", [replace(5, 9, "y", rule="B"), replace(1, 4, "y", rule="B")])
def test_overlap_is_an_error(second: Edit) -> None:
    with pytest.raises(OverlappingEdits, match=r"A.*B|B.*A"):
        render(TEXT, [replace(2, 6, "x", rule="A"), second])


@pytest.mark.parametrize("start, end", [(-1, 2), (3, 2)])
def test_a_span_has_a_direction(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="not a span"):
        Span(start, end)


@st.composite
def disjoint(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    text = draw(st.text(min_size=1, max_size=30))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), unique=True, max_size=8)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    return text, [replace(start, end, draw(st.text(max_size=3)), rule="A") for start, end in pairs]


@given(disjoint(), st.randoms())
def test_edits_apart_render_as_the_text_cut_and_glued(case: tuple[str, list[Edit]], random) -> None:
    text, edits = case
    expected = text
    for edit in reversed(edits):
        expected = expected[: edit.start] + "".join(map(str, edit.pieces)) + expected[edit.end :]
    shuffled = list(edits)
    random.shuffle(shuffled)
    assert render(text, shuffled) == expected
    replacements = flatten(text, shuffled)
    assert [item.start for item in replacements] == sorted(item.start for item in replacements)


@given(st.text(min_size=2, max_size=20), st.data())
def test_an_edit_that_writes_its_own_text_changes_nothing(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert render(text, [replace(start, end, Span(start, end), rule="A")]) == text
