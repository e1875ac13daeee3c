"""What is recorded of a pass: uses with their states, changes, reviews and notes."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from kmigrate.match.found import Found
from kmigrate.overrides import unused
from kmigrate.passes import Pass
from kmigrate.results import Change, FileResult, Needed, Note, Outcome, Position, Review, State, UnusedIgnore, Use
from kmigrate.rewrite.decision import Already, Changed, Decision, ForReview, Ignored, Same, Told, Unaccounted
from kmigrate.rewrite.facts import NO_RULE
from kmigrate.source.module import Module
from kmigrate.source.suppressions import NONE, Ignores

_KERAS = re.compile(r"\bkeras\b")


def recorded(module: Module, done: Pass, ignores: Ignores = NONE) -> FileResult:
    """The result of a pass, not verified; `ignores` are the comments of the source, to tell which of them are of no use."""
    source = module.source
    idle = tuple(_unused(module, done, ignores)) if ignores else ()
    if not done.decisions:
        outcome = Outcome.CLEAN if _KERAS.search(source.text) else Outcome.NOT_KERAS
        return FileResult(source.path, outcome, source.text, source.text, source, unused_ignores=idle)
    after = done.applied(source.text)
    changed = after != source.text
    return FileResult(
        source.path,
        Outcome.CHANGED if changed else Outcome.CLEAN,
        source.text,
        after,
        source,
        done.replacements,
        tuple(_change(module, f, d) for f, d in done.decisions if isinstance(d, Changed)) if changed else (),
        tuple(_review(module, f, d) for f, d in done.decisions if isinstance(d, ForReview | Unaccounted)),
        tuple(_notes(module, done)),
        tuple(_uses(module, done)),
        unused_ignores=idle,
        needed=_needed(done) if changed else None,
    )


def _uses(module: Module, done: Pass) -> Iterator[Use]:
    """An import, or a bare reference, counts as changed when its text changed."""
    starts = [item.start for item in done.replacements]
    for found, decision in done.decisions:
        span = found.span(module)
        state, rule = _state(decision)
        if state is State.SAME and found.kind in ("import", "reference"):
            last = bisect_right(starts, span.end) - 1
            touched = last >= 0 and done.replacements[last].end >= span.start
            state = State.CHANGED if touched else state
        yield Use(found.name, found.kind, span.start, span.end, module.source.place(span.start), state, rule)


def _change(module: Module, found: Found, decision: Changed) -> Change:
    span = found.span(module)
    place = module.source.place(span.start)
    rule = decision.rule
    return Change(rule.id, rule.title, found.name, place, span.start, span.end, decision.confidence, decision.reason)


def _review(module: Module, found: Found, decision: ForReview | Unaccounted) -> Review:
    span = found.span(module)
    place = module.source.place(span.start)
    if isinstance(decision, Unaccounted):
        return Review(NO_RULE, found.name, place, span.start, span.end, f"no rule treats this: {decision.reason}")
    return Review(
        decision.rule, found.name, place, span.start, span.end, decision.reason, decision.recipe, decision.unsafe
    )


def _notes(module: Module, done: Pass) -> Iterator[Note]:
    """What the rules that fired, and the shapes of calls, want a reader to know: once each, with the places it is about."""
    told: dict[Told, list[Position]] = {}
    for found, decision in done.decisions:
        if not isinstance(decision, Changed | Same):
            continue
        notes = list(decision.notes)
        if isinstance(decision, Changed) and decision.rule.note and decision.helped is None:
            notes.insert(0, Told(decision.rule.id, decision.rule.note))
        for note in notes:
            told.setdefault(note, []).append(module.source.place(found.span(module).start))
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


def _state(decision: Decision) -> tuple[State, str | None]:
    match decision:
        case Changed(rule=rule):
            return State.CHANGED, rule.id
        case Already():
            return State.ALREADY, None
        case Same():
            return State.SAME, None
        case ForReview(rule=rule_id):
            return State.REVIEW, rule_id
        case Ignored(rule=rule_id):
            return State.IGNORED, rule_id or None
        case Unaccounted():
            return State.UNACCOUNTED, None
