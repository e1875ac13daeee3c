"""What does an editor show of a text? One diagnostic for each change, review, gap, note and idle comment."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lsprotocol import types

from kmigrate.lsp.buffer import Buffer
from kmigrate.lsp.positions import Positions
from kmigrate.report import words
from kmigrate.results import Failure, Position
from kmigrate.rewrite.facts import NO_RULE

SOURCE = "kmigrate"
"""Whose diagnostics they are."""


def diagnostics(buffer: Buffer, positions: Positions) -> list[types.Diagnostic]:
    """All of a text, in its order. A stretch of several lines is shown by its first one."""
    failure = buffer.trial.whole.failure
    if failure is not None:
        return [_failure(failure, positions)]
    return sorted(_told(buffer, positions), key=lambda item: (item.range.start.line, item.range.start.character))


def shown(start: int, end: int, positions: Positions) -> types.Range:
    """Where a use is underlined."""
    stop = positions.source.text.find("\n", start, end)
    return positions.range(start, end if stop < 0 else len(positions.source.text[:stop].rstrip("\r")))


def _told(buffer: Buffer, positions: Positions) -> Iterator[types.Diagnostic]:
    file = buffer.trial.whole

    def told(level: types.DiagnosticSeverity, rule: str, text: str, start: int, end: int) -> types.Diagnostic:
        found = buffer.rules.get(rule)
        link = types.CodeDescription(found.links[0]) if found is not None and found.links else None
        return types.Diagnostic(shown(start, end, positions), text, level, rule, link, SOURCE)

    for change in buffer.changes:
        level, advice = _WARNING, "A quick fix migrates it."
        if buffer.waits(change):
            level, advice = _INFORMATION, "A quick fix migrates it; that the result is the same could not be proven."
        told_so = f"Keras 1: {change.title}; {change.reason}" if change.reason else f"Keras 1: {change.title}"
        yield told(level, change.rule, f"{told_so}. {advice}", change.start, change.end)
    for review in file.reviews:
        text = f"For you to migrate: {review.reason}"
        yield told(_WARNING, review.rule, f"{text} {review.recipe}" if review.recipe else text, review.start, review.end)
    for use in words.gaps(file):
        yield told(_WARNING, NO_RULE, f"No rule treats `{use.name}` ({use.kind}): look at it, and report it.", use.start, use.end)
    for note in file.notes:
        for place in note.places[:1]:
            start = _offset(place, positions)
            yield told(_INFORMATION, note.rule, f"Good to know: {note.text}", start, _word_end(start, positions))
    for comment in file.unused_ignores:
        idle = told(types.DiagnosticSeverity.Hint, NO_RULE, words.idle(comment), comment.start, comment.start + len(comment.text))
        idle.tags = [types.DiagnosticTag.Unnecessary]
        yield idle


def _failure(failure: Failure, positions: Positions) -> types.Diagnostic:
    """A text that cannot be read yet is none of its own: whoever types one has it told by others."""
    start = _offset(failure.position, positions) if failure.position is not None else 0
    text = f"kmigrate cannot migrate this file: {failure.reason}"
    place = shown(start, len(positions.source.text), positions)
    return types.Diagnostic(place, f"{text} ({failure.hint})" if failure.hint else text, _INFORMATION, source=SOURCE)


_WARNING, _INFORMATION = types.DiagnosticSeverity.Warning, types.DiagnosticSeverity.Information
_WORD = re.compile(r"\w*")


def _offset(place: Position, positions: Positions) -> int:
    starts = positions.source.line_starts
    return min(starts[min(place.line, len(starts)) - 1] + place.column - 1, len(positions.source.text))


def _word_end(start: int, positions: Positions) -> int:
    found = _WORD.match(positions.source.text, start)
    return found.end() if found is not None else start
