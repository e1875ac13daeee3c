"""Offsets and the editor's places, whatever the characters and the line ends."""

import pytest
from editor import offset
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types
from pygls.workspace import PositionCodec

from kmigrate.lsp.positions import Positions
from kmigrate.source.kinds import from_text

TEXTS = st.text(st.sampled_from("ab é\u2028\f\U0001f60b\n\r"), max_size=30)


@given(TEXTS, st.data())
def test_an_offset_is_where_the_editor_finds_it(text: str, data: st.DataObject) -> None:
    positions = Positions(from_text(text, None), PositionCodec())
    start = data.draw(st.integers(0, len(text)).filter(lambda at: text[at - 1 : at + 1] != "\r\n"))
    place = positions.position(start)
    assert offset(text, place) == start
    assert positions.offset(place) == start


@pytest.mark.parametrize(("line", "column", "found"), [(0, 99, 3), (7, 0, 8), (1, 2, 7)])
def test_a_place_behind_a_line_is_its_end(line: int, column: int, found: int) -> None:
    positions = Positions(from_text("abc\r\nde\n", None), PositionCodec())
    assert positions.offset(types.Position(line, column)) == found


def test_columns_are_counted_as_agreed() -> None:
    source = from_text("\U0001f60bx", None)
    for encoding, column in (("utf-8", 4), ("utf-16", 2), ("utf-32", 1)):
        positions = Positions(source, PositionCodec(types.PositionEncodingKind(encoding)))
        assert positions.position(1) == types.Position(0, column)
        assert positions.offset(types.Position(0, column)) == 1


def test_a_byte_order_mark_is_a_character_of_the_editor() -> None:
    positions = Positions(from_text("\ufeffab\ncd", None), PositionCodec())
    assert positions.position(1) == types.Position(0, 2)
    assert positions.offset(types.Position(0, 2)) == 1
    assert positions.offset(types.Position(1, 1)) == 4
