"""What the bytes of a file say: encoding, byte order mark, text with its own line ends, and the way back."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from kmigrate.results import Position

if TYPE_CHECKING:
    from typing_extensions import Self

_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"^[ \t\f]*(?:#.*)?$")
LINE_END = re.compile(r"\r\n|\r|\n")


class UndecodableSource(ValueError):
    """The bytes are not text in the encoding that the file declares (PEP 263), or not text at all; `hint`: what to do then."""

    hint = "save it as UTF-8, or declare its encoding in the first line"


class NotText(UndecodableSource):
    """The bytes are no text of any encoding that a Python source can have."""

    hint = "leave the file out; if an editor shows it as text, as UTF-16 say, save it as UTF-8"


@dataclass(frozen=True)
class Source:
    """A file as it was read. `text` holds the line ends as they are; `encode(text)` is the exact way back."""

    path: str | None
    text: str
    encoding: str = "utf-8"
    bom: bool = False

    @classmethod
    def from_bytes(cls, data: bytes, path: str | None = None) -> Source:
        """Decode by byte order mark or PEP 263 cookie, else as UTF-8.

        Raises UndecodableSource, whose message says which encoding failed where.
        """
        return cls.decoded(data, None if data.startswith(codecs.BOM_UTF8) else declared_encoding(data), path)

    @classmethod
    def decoded(cls, data: bytes, encoding: str | None, path: str | None) -> Self:
        """Decode as `encoding`, None for UTF-8, with or without a byte order mark; raises UndecodableSource."""
        bom = data.startswith(codecs.BOM_UTF8)
        body = data[len(codecs.BOM_UTF8) :] if bom else data
        if b"\0" in body:
            raise NotText("the file holds null bytes: it is not Python source")
        encoding = encoding or "utf-8"
        try:
            text = body.decode(encoding)
        except LookupError:
            raise UndecodableSource(f"the file declares the unknown encoding {encoding!r}") from None
        except UnicodeDecodeError as error:
            line = body.count(b"\n", 0, error.start) + 1
            raise UndecodableSource(f"line {line} is not {encoding} text (byte {error.start})") from None
        if text.encode(encoding) != body:
            raise UndecodableSource(f"the {encoding} text does not round-trip to the same bytes")
        return cls(path, text, encoding, bom)

    def encode(self, text: str) -> bytes:
        """`text` in the encoding of the file, with its byte order mark; UnicodeEncodeError if that cannot be."""
        return (codecs.BOM_UTF8 if self.bom else b"") + text.encode(self.encoding)

    @cached_property
    def newline(self) -> str:
        """The line end that the file uses most; `\\n` for a file of one line."""
        ends = LINE_END.findall(self.text)
        return max(sorted(set(ends)), key=ends.count) if ends else "\n"

    @cached_property
    def ascii(self) -> bool:
        """Whether every character is one byte in UTF-8, so that columns need no counting."""
        return self.text.isascii()

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """Offsets at which the lines start, as Python's parser counts lines."""
        if "\r" in self.text:
            return (0, *(match.end() for match in LINE_END.finditer(self.text)))
        ends = accumulate([len(line) + 1 for line in self.text.split("\n")])
        return (0, *ends)[:-1]  # behind the last line there is no line end

    def position(self, offset: int) -> Position:
        """Line and column (both from 1) of the character at `offset`."""
        starts = self.line_starts
        line = bisect_right(starts, offset)
        return Position(line, offset - starts[line - 1] + 1)

    def line(self, offset: int) -> int:
        """The line (from 1) of the character at `offset`."""
        return bisect_right(self.line_starts, offset)

    def place(self, offset: int) -> Position:
        """The position that a person is told; in a notebook, that of the cell."""
        return self.position(offset)

    def may_break(self, offset: int) -> bool:
        """Whether a statement in the line of an offset may go on in a new line."""
        return True

    def part(self, offset: int) -> int:
        """The part of the file that is a program of its own to a reader: a cell of a notebook, a block of a document."""
        return 0


def declared_encoding(data: bytes) -> str | None:
    """The encoding of a PEP 263 cookie in the first two lines, or None."""
    for line in re.split(rb"\r\n|\r|\n", data, maxsplit=2)[:2]:
        cookie = _COOKIE.match(line)
        if cookie:
            return cookie.group(1).decode("ascii")
        if not _BLANK.match(line):
            return None
    return None
