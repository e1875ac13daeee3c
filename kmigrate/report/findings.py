"""What would a checker list: one finding for each change, review, gap and failure, with its place and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from kmigrate.report import words
from kmigrate.report.model import Report
from kmigrate.results import FileResult, Position
from kmigrate.rewrite.facts import NO_RULE


class Kind(str, Enum):
    """What a finding tells: DONE is a change that was written, WAITING one that `--unsafe` would make."""

    CHANGE = "change"
    DONE = "done"
    WAITING = "waiting"
    REVIEW = "review"
    GAP = "gap"
    UNUSED = "unused ignore"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to tell about a file; `start` and `end` are offsets in its old text, None where the file as a whole failed.

    `rule` is empty for failures, and `KM000` where no rule speaks. `position` is what a person is told; that of a
    notebook names a cell.
    """

    kind: Kind
    file: FileResult
    rule: str
    message: str
    advice: str | None = None
    position: Position | None = None
    start: int | None = None
    end: int | None = None

    @property
    def told(self) -> str:
        """The message, and what to do."""
        stop = "" if self.message.endswith((".", "!", "?")) else "."
        return f"{self.message}{stop} {self.advice}" if self.advice else self.message


def findings(report: Report) -> Iterator[Finding]:
    """All findings, file by file, in the order of the lines."""
    for file in report.files:
        yield from of_file(file, report.written)


def of_file(file: FileResult, written: bool) -> list[Finding]:
    """The findings of one file; `written` says whether its changes were."""
    if file.failure is not None:
        failure = file.failure
        return [Finding(Kind.FAILURE, file, "", failure.reason, failure.hint, failure.position)]
    return sorted(_in_text(file, written), key=lambda finding: (finding.start or 0, finding.end or 0))


def _in_text(file: FileResult, written: bool) -> Iterator[Finding]:
    for change in file.changes:
        kind = Kind.DONE if written else Kind.CHANGE
        told = f"{change.title}; {change.reason}" if change.reason else change.title
        advice = None if written else "`kmigrate migrate` writes it."
        yield Finding(kind, file, change.rule, told, advice, change.position, change.start, change.end)
    for review in file.reviews:
        kind = Kind.WAITING if review.unsafe else Kind.REVIEW
        advice = words.advice(review)
        yield Finding(kind, file, review.rule, review.reason, advice, review.position, review.start, review.end)
    for use in words.gaps(file):
        told = f"no rule treats `{use.name}` ({use.kind})"
        yield Finding(Kind.GAP, file, NO_RULE, told, "Look at it, and report it.", use.position, use.start, use.end)
    for comment in file.unused_ignores:
        end = comment.start + len(comment.text)
        yield Finding(Kind.UNUSED, file, NO_RULE, words.idle(comment), None, comment.position, comment.start, end)
