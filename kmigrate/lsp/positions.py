"""Where in the editor's text is an offset? Lines count from 0, columns in the units that editor and server agreed upon."""

from __future__ import annotations

from dataclasses import dataclass

from lsprotocol import types
from pygls.workspace import PositionCodec

from kmigrate.edits import Span
from kmigrate.source.text import Source


@dataclass(frozen=True, slots=True)
class Positions:
    """The way between the offsets in a source and the places that an editor names."""

    source: Source
    codec: PositionCodec

    def range(self, start: int, end: int) -> types.Range:
        """The place of a stretch."""
        return types.Range(self.position(start), self.position(end))

    def position(self, offset: int) -> types.Position:
        """The place of the character at an offset."""
        line = self.source.line(offset) - 1
        before = self.source.text[self.source.line_starts[line] : offset]
        return types.Position(line, self.codec.client_num_units(self._mark(line) + before))

    def offset(self, place: types.Position) -> int:
        """The offset of a place; that of the end of the line, or of the text, for one that lies behind it."""
        starts, text = self.source.line_starts, self.source.text
        if place.line >= len(starts):
            return len(text)
        start = starts[place.line]
        end = starts[place.line + 1] if place.line + 1 < len(starts) else len(text)
        mark = self._mark(place.line)
        line = mark + text[start:end].rstrip("\r\n")
        column = len(line)
        if place.character < self.codec.client_num_units(line):
            column = self.codec.position_from_client_units([line], types.Position(0, place.character)).character
        return start + max(column - len(mark), 0)

    def span(self, place: types.Range) -> Span:
        """The stretch at a place."""
        return Span(*sorted((self.offset(place.start), self.offset(place.end))))

    def _mark(self, line: int) -> str:
        """The byte order mark, where the editor shows it as the first character of the text."""
        return "\ufeff" if self.source.bom and line == 0 else ""
