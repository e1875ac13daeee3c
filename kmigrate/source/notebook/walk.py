"""How are the members of a few JSON objects visited, while the decoder skips all the rest?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from json import JSONDecoder
from typing import Any, TypeAlias

from kmigrate.source.text import UndecodableSource

Visit: TypeAlias = Callable[[int], int]
"""Takes the offset at which a value starts, returns the offset behind it."""


class BrokenNotebook(UndecodableSource):
    """The text is no notebook that can be read; the message says the line and the reason."""

    hint = "fetch the notebook anew if it is cut off, or mend its JSON at that line: Jupyter cannot open it either"

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


class Walker:
    """Offsets in a JSON text; raises BrokenNotebook for what is not there, JSONDecodeError for what is no JSON."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.decoder = JSONDecoder()

    def members(self, at: int, visits: Mapping[str, Visit]) -> int:
        """Visit the members of the object at `at`; the offset behind it."""
        at = self.blank(at + 1)
        if self.raw.startswith("}", at):
            return at + 1
        while True:
            self.expect(at, '"', "a name in quotes is due here")
            name, at = self.value(at)
            at = self.blank(at)
            self.expect(at, ":", "`:` is due here")
            at = self.blank(visits.get(name, self.skip)(self.blank(at + 1)))
            if self.raw.startswith("}", at):
                return at + 1
            self.expect(at, ",", "`,` is due here")
            at = self.blank(at + 1)

    def items(self, at: int, name: str, visit: Visit) -> int:
        """Visit the items of the list at `at`; the offset behind it."""
        self.expect(at, "[", f"`{name}` is a list")
        at = self.blank(at + 1)
        if self.raw.startswith("]", at):
            return at + 1
        while True:
            at = self.blank(visit(at))
            if self.raw.startswith("]", at):
                return at + 1
            self.expect(at, ",", "`,` is due here")
            at = self.blank(at + 1)

    def value(self, at: int) -> tuple[Any, int]:
        """The value that starts at `at`, and the offset behind it."""
        return self.decoder.raw_decode(self.raw, at)

    def skip(self, at: int) -> int:
        """The offset behind the value at `at`."""
        return self.value(at)[1]

    def blank(self, at: int) -> int:
        """The offset of what is not blank."""
        match = _BLANK.match(self.raw, at)
        return match.end() if match else at

    def expect(self, at: int, char: str, reason: str) -> None:
        """Raise BrokenNotebook unless `char` stands at `at`."""
        if not self.raw.startswith(char, at):
            raise BrokenNotebook(self.line(at), reason)

    def line(self, at: int) -> int:
        """The line of an offset, from 1."""
        return self.raw.count("\n", 0, at) + 1


_BLANK = re.compile(r"[ \t\r\n]*")
