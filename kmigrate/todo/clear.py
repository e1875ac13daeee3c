"""Which TODOs are in a source, and what is its text without them?"""

from __future__ import annotations

from collections.abc import Iterable

from kmigrate.source.parsing import parse
from kmigrate.source.text import Source
from kmigrate.todo.comment import Todo, lines_like
from kmigrate.todo.places import same_meaning

MARK = b"TODO(kmigrate "
"""What the bytes of a file with TODOs hold."""


def todos(source: Source) -> tuple[Todo, ...]:
    """The TODOs in comments; a line of a string that looks like one is none.

    Raises what `parse` raises for a source that is no Python any more: nobody can tell comments from strings there.
    """
    found = tuple(lines_like(source.text))
    if not found:
        return ()
    parse(source)
    if same_meaning(source, source.text, without(source.text, found)):
        return found
    return tuple(todo for todo in found if same_meaning(source, source.text, without(source.text, [todo])))


def without(text: str, todos: Iterable[Todo]) -> str:
    """The text without these lines: what it was before they were inserted, to the byte."""
    out: list[str] = []
    position = 0
    for todo in todos:
        out.append(text[position : todo.start])
        position = todo.end
    return "".join(out) + text[position:]
