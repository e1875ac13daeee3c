"""How is a text overwritten without changing where anything stands?"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Shadow:
    """A text of the same length that Python 3 parses.

    `starts` maps the offset at which a literal starts in the shadow to the one at which it starts in truth (`10L` and
    `ur''` have no form of the same length without a blank in front); `renamed` holds the names that Python 3 reserves;
    `caught` tells whether an `except E, e` became `except E| e`; `certain` whether a `print x` was painted over, which
    no Python 3 reads in any way.
    """

    text: str
    starts: dict[int, int]
    renamed: dict[str, str]
    caught: bool = False
    certain: bool = False


@dataclass(slots=True)
class Canvas:
    """A text under the brush; only ASCII is painted over, so that columns in UTF-8 bytes stay as they are, too."""

    text: str
    strokes: dict[int, str] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    caught: bool = False
    certain: bool = False

    def paint(self, start: int, new: str) -> None:
        """Put `new` over the characters from `start` on."""
        self.strokes[start] = new

    def blank(self, start: int, end: int) -> None:
        """Put blanks over a stretch."""
        self.strokes[start] = " " * (end - start)

    def literal(self, start: int, new: str) -> None:
        """Put a literal that may start with blanks over another one."""
        self.strokes[start] = new
        blanks = len(new) - len(new.lstrip(" "))
        if blanks:
            self.starts[start + blanks] = start

    def finished(self) -> Shadow:
        """The text with everything painted."""
        out: list[str] = []
        position = 0
        for start, new in sorted(self.strokes.items()):
            out.append(self.text[position:start])
            out.append(new)
            position = start + len(new)
        out.append(self.text[position:])
        return Shadow("".join(out), self.starts, self.renamed, self.caught, self.certain)
