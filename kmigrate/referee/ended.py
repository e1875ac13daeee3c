"""How did a known case end on one Keras 2, and how many ended how?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from kmigrate.referee.exceptions import REFUSED
from kmigrate.referee.judge import Breaks, Differs, NoOracle, Same, Verdict
from kmigrate.referee.known import Case
from kmigrate.results import FileResult, Outcome

NO_RULE = "KM000"
"""The rule that a review names when there is none."""


class End(str, Enum):
    """How a case ended on one version."""

    SAME = "same"
    WARNS = "same, warns"
    REVIEW = "review"
    SILENT = "silent"
    ERROR = "error"
    UNKNOWN = "unknown"
    NO_ORACLE = "no oracle"


FAULTS = (End.SILENT, End.ERROR, End.WARNS)


@dataclass(frozen=True)
class Ended:
    """One case on one version: the text that ran, what kmigrate said of it, and what the Kerases say."""

    case: Case
    version: str
    text: str
    result: FileResult | None
    verdict: Verdict

    @property
    def end(self) -> End:
        """The verdict in the light of what kmigrate said."""
        if self.case.id in REFUSED:
            return End.NO_ORACLE
        match self.verdict:
            case NoOracle():
                return End.NO_ORACLE
            case Same(legacy=()):
                return End.SAME
        if self.said:
            return End.REVIEW
        if isinstance(self.verdict, Same):
            return End.WARNS
        if not self.case.known_way(self.version):
            return End.UNKNOWN
        return End.SILENT if isinstance(self.verdict, Differs) else End.ERROR

    @property
    def breaks(self) -> bool:
        """Does Keras 2 not run it?"""
        return isinstance(self.verdict, Breaks)

    @property
    def said(self) -> tuple[str, ...]:
        """What kmigrate says of the lines that the case is about: `KM101`, `KM102 unsafe`, `KM103 note`.

        That no rule treats a name explains an error, but no difference.
        """
        if self.result is None:
            return ()
        reviews = {
            f"{review.rule} unsafe" if review.unsafe else review.rule
            for review in self.result.reviews
            if review.position.line not in self.case.shared and (self.breaks or review.rule != NO_RULE)
        }
        notes = {
            f"{note.rule} note"
            for note in self.result.notes
            if any(place.line not in self.case.shared for place in note.places)
        }
        return tuple(sorted(reviews | notes))


def table(ended: Sequence[Ended], versions: Sequence[str]) -> str:
    """How many cases ended how on each version."""
    head = f"{'Keras':8}" + "".join(f"{end.value:>13}" for end in End) + f"{'all':>7}"
    lines = [head]
    for version in versions:
        counts = Counter(item.end for item in ended if item.version == version)
        lines.append(f"{version:8}" + "".join(f"{counts[end]:13}" for end in End) + f"{counts.total():7}")
    failed = {item.case.id for item in ended if item.result is not None and item.result.outcome is Outcome.FAILED}
    return "\n".join([*lines, *(f"kmigrate fails on {case}" for case in sorted(failed))])


def told(verdict: Verdict) -> str:
    """A verdict in words."""
    match verdict:
        case Same(legacy=legacy):
            return "; ".join(("same", *legacy))
        case Differs(differences=found, chance=chance):
            return ("depends on chance: " if chance else "") + "; ".join(str(item) for item in found)
        case Breaks(reason=reason) | NoOracle(reason=reason):
            return reason
