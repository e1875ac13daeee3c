"""How does a result become plain values that JSON can hold, and a result again?

The text is not kept: it is there, and the same, when a result is asked for.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, TypeAlias

from kmigrate.edits import Confidence, Replacement, Span
from kmigrate.results import Change, FileResult, Needed, Note, Outcome, Position, Review, State, UnusedIgnore, Use
from kmigrate.source.text import Source

Plain: TypeAlias = list[Any]


def plain(result: FileResult) -> Plain:
    """The values; those of a file that failed are not to be kept."""
    after = result.after if result.outcome is Outcome.CHANGED else None
    parts = (
        result.replacements, result.changes, result.reviews, result.notes, result.uses, result.unused_ignores,
        result.needed,
    )  # fmt: skip
    return [result.outcome.value, after, *map(_plain, parts)]


def result(values: Plain, source: Source, shown: str) -> FileResult:
    """The result for the same source under the path that people read; ValueError or TypeError for values that are none."""
    outcome, after, replacements, changes, reviews, notes, uses, idle, needed = values
    return FileResult(
        shown,
        Outcome(outcome),
        source.text,
        source.text if after is None else after,
        source,
        replacements=tuple(
            Replacement(start, end, text, tuple(rules), Confidence(sure))
            for start, end, text, rules, sure in replacements
        ),
        changes=tuple(
            Change(rule, title, name, Position(*place), start, end, Confidence(sure), reason, tuple(Span(*one) for one in parts))
            for rule, title, name, place, start, end, sure, reason, parts in changes
        ),
        reviews=tuple(Review(rule, name, Position(*place), *rest) for rule, name, place, *rest in reviews),
        notes=tuple(
            Note(rule, text, tuple(Position(*place) for place in places), tuple(affects), versions)
            for rule, text, places, affects, versions in notes
        ),
        uses=tuple(
            Use(name, kind, start, end, Position(*place), State(state), rule)
            for name, kind, start, end, place, state, rule in uses
        ),
        unused_ignores=tuple(
            UnusedIgnore(Position(*place), start, text, tuple(ids)) for place, start, text, ids in idle
        ),
        needed=_needed(*needed) if needed is not None else None,
    )


def _needed(path: str, layers: list[str], held: list[str] | None) -> Needed:
    return Needed(path, frozenset(layers), frozenset(held) if held is not None else None)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        return [_plain(getattr(value, item.name)) for item in fields(value)]
    return value
