"""Which TODO comments does a result gain: one for each rule above each statement that is left to a person?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from kmigrate.edits import Confidence, Replacement
from kmigrate.results import FileResult, Outcome, Review
from kmigrate.source.text import Source
from kmigrate.todo.comment import Todo, lines_like, written
from kmigrate.todo.places import Places, line_end, same_meaning

_ROUNDS = 4
"""So often the new text is looked at again; the second time hardly ever finds anything."""

_INDENTATION = re.compile(r"[ \t\f]*")


def with_todos(result: FileResult, again: Callable[[Source], FileResult]) -> FileResult:
    """The result with its TODO comments; none changes what code means.

    `again` is another run, on the new text: other places that it leaves to a person by the same rules get their comment now,
    so that a second run with TODOs has nothing to add. What it tells by other rules comes of neighbours that are not migrated
    yet. A statement that has comments of ours already keeps those.
    """
    source = result.source
    if result.outcome is Outcome.FAILED or source is None:
        return result
    rules = {review.rule for review in result.reviews}
    left = [replace(review, start=_moved(result.replacements, review.start)) for review in result.reviews]
    for _ in range(_ROUNDS):
        marked = _marked(result, source, left)
        if marked is result:
            break
        result = marked
        left = [review for review in again(replace(source, text=result.after)).reviews if review.rule in rules]
    return result


def _marked(result: FileResult, source: Source, left: Sequence[Review]) -> FileResult:
    todos = _safe(result.after, source, _wanted(result.after, source, left)) if left else []
    if not todos:
        return result
    replacements = list(result.replacements)
    for todo in reversed(todos):
        _insert(replacements, todo)
    after = _applied(result.after, todos)
    return replace(result, outcome=Outcome.CHANGED, after=after, replacements=tuple(replacements))


def _wanted(text: str, source: Source, left: Sequence[Review]) -> list[Todo]:
    """The comments to insert into the new text, in which the reviews are counted; `start` and `end` are the place in it."""
    places = Places(replace(source, text=text))
    there = {todo.end for todo in lines_like(text)}
    found: dict[tuple[int, str], Todo] = {}
    for review in left:
        start = places.line(review.start)
        if start is None or start in there:
            continue
        indentation = _INDENTATION.match(text, start)
        assert indentation is not None
        line = indentation[0] + written(review) + line_end(places.source, start)
        found.setdefault((start, review.rule), Todo(review.rule, line, start, start))
    return sorted(found.values(), key=lambda todo: todo.start)


def _safe(text: str, source: Source, todos: list[Todo]) -> list[Todo]:
    """The comments that leave the meaning as it is: all of them, but for very odd lines."""
    if not todos or same_meaning(source, text, _applied(text, todos)):
        return todos
    kept: list[Todo] = []
    for todo in todos:
        if same_meaning(source, text, _applied(text, [*kept, todo])):
            kept.append(todo)
    return kept


def _applied(text: str, todos: Iterable[Todo]) -> str:
    out: list[str] = []
    position = 0
    for todo in todos:
        out += (text[position : todo.start], todo.text)
        position = todo.start
    return "".join(out) + text[position:]


def _moved(replacements: Sequence[Replacement], offset: int) -> int:
    """Where the text at an offset of the old text stands in the new one."""
    shift = 0
    for item in replacements:
        if item.start > offset:
            break
        if offset < item.end:
            return item.start + shift
        shift += len(item.text) - (item.end - item.start)
    return offset + shift


def _insert(replacements: list[Replacement], todo: Todo) -> None:
    """Put the comment among the replacements, which count in the old text; into one of them where it stands in its text."""
    shift = 0
    for number, item in enumerate(replacements):
        start = item.start + shift
        if todo.start < start:
            break
        if todo.start <= start + len(item.text):
            at = todo.start - start
            text = item.text[:at] + todo.text + item.text[at:]
            rules = tuple(dict.fromkeys((*item.rules, todo.rule)))
            replacements[number] = item._replace(text=text, rules=rules)
            return
        shift += len(item.text) - (item.end - item.start)
    else:
        number = len(replacements)
    place = todo.start - shift
    replacements.insert(number, Replacement(place, place, todo.text, (todo.rule,), Confidence.SAFE))
