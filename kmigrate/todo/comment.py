"""How is a TODO written, and which lines of a text are TODOs of ours?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from kmigrate.results import Review

_TODO = re.compile(r"(?:^|(?<=\r)(?!\n))([ \t\f]*)# TODO\(kmigrate (\w+)\): ([^\r\n]*)(?:\r\n|\r|\n|\Z)", re.MULTILINE)
_COOKIE = re.compile(r"coding(?=[:=])")
_PLAIN = str.maketrans({0x2013: "-", 0x2014: "-", 0xD7: "x", 0x2192: "->"})  # dashes, the times sign, an arrow


@dataclass(frozen=True, slots=True)
class Todo:
    """A whole line `start..end`, its line end included, that says what is to do because of a rule."""

    rule: str
    text: str
    start: int
    end: int
    indentation: str = ""


def written(review: Review) -> str:
    """The comment for a review, without indentation and line end.

    ASCII only, so that it fits every encoding and Python 2; never a declaration of an encoding (PEP 263).
    """
    told = " ".join(f"{review.reason} {review.recipe or ''}".translate(_PLAIN).split())
    plain = unicodedata.normalize("NFKD", told).encode("ascii", "ignore").decode("ascii")
    printable = "".join(char for char in plain if char.isprintable())
    return f"# TODO(kmigrate {review.rule}): {_COOKIE.sub('coding ', printable)}".rstrip()


def lines_like(text: str) -> Iterator[Todo]:
    """The lines that look like TODOs; whether one is a comment, and no line of a string, is for the parser to say."""
    for match in _TODO.finditer(text):
        yield Todo(match[2], match[3], match.start(), match.end(), match[1])
