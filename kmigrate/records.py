"""What is recorded of a pass: uses with their states, changes, reviews and notes."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from kmigrate.edits import Replacement, Span
from kmigrate.match.found import Found
from kmigrate.overrides import unused
from kmigrate.passes import Pass
from kmigrate.results import Change, FileResult, Needed, Note, Outcome, Position, Review, State, UnusedIgnore, Use
from kmigrate.rewrite.decision import Already, Changed, Decision, ForReview, Ignored, Same, Told, Unaccounted
from kmigrate.rewrite.facts import NO_RULE
from kmigrate.source.module import Module
from kmigrate.source.suppressions import NONE, Ignores

_KERAS = re.compile(r"\bkeras\b")

_NAMES = frozenset({"import", "reference"})
"""Uses of which nothing but the name can change."""

_Placed: TypeAlias = tuple[Found, Decision, Span, Position]
"""A use with its decision: where it stands in the text, and the place that a person is told."""


def recorded(module: Module, done: Pass, ignores: Ignores = NONE) -> FileResult:
    """The result of a pass, not verified; `ignores` are the comments of the source, to tell which of them are of no use."""
    source = module.source
    idle = tuple(_unused(module, done, ignores)) if ignores else ()
    if not done.decisions:
        outcome = Outcome.CLEAN if _KERAS.search(source.text) else Outcome.NOT_KERAS
        return FileResult(source.path, outcome, source.text, source.text, source, unused_ignores=idle)
    uses = _placed(module, done)
    after = done.applied(source.text)
    changed = after != source.text
    return FileResult(
        source.path,
        Outcome.CHANGED if changed else Outcome.CLEAN,
        source.text,
        after,
        source,
        done.replacements,
        tuple(_change(module, *use) for use in uses if isinstance(use[1], Changed)) if changed else (),
        tuple(_review(*use) for use in uses if isinstance(use[1], (ForReview, Unaccounted))),
        tuple(_notes(uses)),
        tuple(_uses(module, uses, done.replacements)),
        unused_ignores=idle,
        needed=_needed(done) if changed else None,
    )


def _placed(module: Module, done: Pass) -> list[_Placed]:
    place = module.source.place
    spans = [found.span(module) for found, _ in done.decisions]
    return [
        (found, decision, span, place(span.start)) for (found, decision), span in zip(done.decisions, spans, strict=True)
    ]


def _uses(module: Module, uses: Sequence[_Placed], replacements: Sequence[Replacement]) -> Iterator[Use]:
    """An import, or a bare reference, counts as changed when its text changed; an import also with its module."""
    starts = [item.start for item in replacements]

    def touched(start: int, end: int) -> bool:
        last = bisect_right(starts, end)
        while last and replacements[last - 1].end >= start:
            last -= 1
            if replacements[last].text or (replacements[last].start < end and start < replacements[last].end):
                return True
        return False  # or only a neighbour goes

    for found, decision, span, place in uses:
        state, rule = _STATES[type(decision)], None
        if state is not State.SAME:
            rule = _rule(decision)
        elif found.kind in _NAMES and any(touched(start, end) for start, end in _spelled(module, found, span)):
            state = State.CHANGED
        yield Use(found.name, found.kind, span.start, span.end, place, state, rule)


def _spelled(module: Module, found: Found, span: Span) -> Iterator[tuple[int, int]]:
    """Where the name of an import or of a bare reference stands, and the module that an import takes it from."""
    yield span.start, span.end
    if found.kind == "import":
        statement = found.scope.module.statement(found.node)
        assert isinstance(statement, ast.Import | ast.ImportFrom)
        yield module.start(statement), module.start(statement.names[0]) - 1


def _change(module: Module, found: Found, decision: Decision, span: Span, place: Position) -> Change:
    assert isinstance(decision, Changed)
    rule, parts = decision.rule, tuple(sorted(module.span(call) for call in decision.parts))
    return Change(rule.id, rule.title, found.name, place, span.start, span.end, decision.confidence, decision.reason, parts)


def _review(found: Found, decision: Decision, span: Span, place: Position) -> Review:
    if isinstance(decision, Unaccounted):
        return Review(NO_RULE, found.name, place, span.start, span.end, f"no rule treats this: {decision.reason}")
    assert isinstance(decision, ForReview)
    return Review(
        decision.rule, found.name, place, span.start, span.end, decision.reason, decision.recipe, decision.unsafe
    )


def _notes(uses: Sequence[_Placed]) -> Iterator[Note]:
    """What the rules that fired, and the shapes of calls, want a reader to know: once each, with the places it is about."""
    told: dict[Told, list[Position]] = {}
    for _, decision, _, place in uses:
        if isinstance(decision, Changed):
            if decision.rule.note and decision.helped is None:
                told.setdefault(Told(decision.rule.id, decision.rule.note), []).append(place)
        elif not isinstance(decision, Same | Already):
            continue
        for note in decision.notes:
            told.setdefault(note, []).append(place)
    for note, places in told.items():
        yield Note(note.rule, note.text, tuple(places), note.affects, note.versions)


def _needed(done: Pass) -> Needed | None:
    helped = [decision.helped for _, decision in done.decisions if isinstance(decision, Changed) and decision.helped]
    if not helped:
        return None
    place = helped[0].place
    return Needed(str(place.path), frozenset(item.layer for item in helped), place.held if place.text is not None else None)


def _unused(module: Module, done: Pass, ignores: Ignores) -> Iterator[UnusedIgnore]:
    for comment, ids in unused(ignores, done.decisions):
        yield UnusedIgnore(module.source.place(comment.start), comment.start, comment.text, ids)


def _rule(decision: Decision) -> str | None:
    """The rule that a reader is told."""
    match decision:
        case Same() | Already() | Unaccounted():
            return None
        case Changed(rule=rule):
            return rule.id
        case ForReview(rule=rule_id):
            return rule_id
        case Ignored(rule=rule_id):
            return rule_id or None


_STATES: Mapping[type[Decision], State] = {
    Changed: State.CHANGED,
    Already: State.ALREADY,
    Same: State.SAME,
    ForReview: State.REVIEW,
    Ignored: State.IGNORED,
    Unaccounted: State.UNACCOUNTED,
}
