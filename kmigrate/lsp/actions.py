"""What can a person do about the Keras 1 at a place: migrate a use, all uses of its rule, the file, or keep it as it is?

An action is named first, which is cheap, and worked out when it is chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

from lsprotocol import types

from kmigrate.edits import Span
from kmigrate.lsp.buffer import Buffer
from kmigrate.lsp.diagnostics import SOURCE, shown
from kmigrate.lsp.positions import Positions
from kmigrate.report import words
from kmigrate.results import Change, ChangeKey, FileResult, Outcome, Review
from kmigrate.reviewing import Answers, together
from kmigrate.source.keeping import comments

FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.kmigrate"
"""The kind of the action that migrates a whole file; editors can run it on each save."""

KINDS = (types.CodeActionKind.QuickFix, FIX_ALL)

What: TypeAlias = Literal["change", "rule", "keep", "file"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an action does, as it is remembered while the action is shown: about the use with this key, in this file.

    `version` is that of the text for which the action was named.
    """

    uri: str
    version: int | None
    what: What
    rule: str = ""
    start: int = 0
    end: int = 0

    @classmethod
    def of(cls, data: Any) -> Wanted:
        """What the data of an action says. Raises TypeError for data that is not ours."""
        return cls(**data)

    @property
    def key(self) -> ChangeKey:
        """The use that it is about."""
        return self.rule, self.start, self.end


def actions(
    buffer: Buffer, positions: Positions, uri: str, version: int | None, place: types.Range, told: Sequence[types.Diagnostic]
) -> Iterator[types.CodeAction]:
    """The actions for a place, without what they change; `told` are the diagnostics that the editor shows there."""
    here = positions.span(place)

    def action(title: str, kind: str, wanted: Wanted, about: Change | Review | None = None, **more: Any) -> types.CodeAction:
        mine = _of(told, about, positions) if about is not None else None
        return types.CodeAction(title, types.CodeActionKind(kind) if kind != FIX_ALL else kind, mine, data=asdict(wanted), **more)

    quick = types.CodeActionKind.QuickFix.value
    changes = [change for change in buffer.changes if _meet(change.span, here)]
    for change in changes:
        waits = buffer.waits(change)
        doubt = " (equality not proven)" if waits else ""
        wanted = Wanted(uri, version, "change", *change.key)
        yield action(f"Migrate to Keras 2: {change.title}{doubt}", quick, wanted, change, is_preferred=not waits)
    for rule in dict.fromkeys(change.rule for change in changes):
        count = len(_of_rule(buffer, rule))
        if count > 1:
            yield action(f"Migrate all {count} uses of {rule} in this file", quick, Wanted(uri, version, "rule", rule))
    reviews = [review for review in buffer.trial.whole.reviews if _meet(Span(review.start, review.end), here)]
    left_alone: tuple[Change | Review, ...] = (*changes, *reviews)
    for use in left_alone:
        yield action(f"Keep it, with a comment: ignore[{use.rule}]", quick, Wanted(uri, version, "keep", *use.key), use)
    safe = _safe(buffer)
    if safe:
        yield action(f"Migrate this file to Keras 2 ({words.count(len(safe), 'change')})", FIX_ALL, Wanted(uri, version, "file"))


def edits(buffer: Buffer, positions: Positions, wanted: Wanted) -> list[types.TextEdit] | None:
    """What an action changes in the text; None where the change does not hold, or there is none of this key any more."""
    match wanted.what:
        case "change":
            change = next((change for change in buffer.changes if change.key == wanted.key), None)
            found = together(buffer.trial, Answers(), change) if change is not None else None
            return _replaced(found[1], positions) if found is not None else None
        case "rule":
            return _replaced(buffer.trial.only(_keys(_of_rule(buffer, wanted.rule))), positions)
        case "keep":
            insertions = comments(buffer.source, [(wanted.start, wanted.rule)])
            return [types.TextEdit(positions.range(item.start, item.start), item.text) for item in insertions]
        case "file":
            return _replaced(buffer.trial.only(_keys(_safe(buffer))), positions)


def is_kind(action: types.CodeAction, wanted: Sequence[types.CodeActionKind | str] | None) -> bool:
    """Whether an editor asks for such an action: `source.fixAll` asks for `source.fixAll.kmigrate`, too."""
    kinds = [str(getattr(kind, "value", kind)) for kind in wanted or ("",)]
    own = str(getattr(action.kind, "value", action.kind))
    return any(not kind or own == kind or own.startswith(f"{kind}.") for kind in kinds)


def _replaced(result: FileResult, positions: Positions) -> list[types.TextEdit] | None:
    if result.outcome is not Outcome.CHANGED:
        return None
    return [types.TextEdit(positions.range(item.start, item.end), item.text) for item in result.replacements]


def _of(told: Sequence[types.Diagnostic], about: Change | Review, positions: Positions) -> list[types.Diagnostic]:
    """The diagnostics that tell of a use."""
    place = shown(about.start, about.end, positions)
    return [item for item in told if item.source == SOURCE and item.code == about.rule and item.range == place]


def _of_rule(buffer: Buffer, rule: str) -> list[Change]:
    return [change for change in buffer.changes if change.rule == rule]


def _safe(buffer: Buffer) -> list[Change]:
    """The changes that need nobody's consent."""
    return [change for change in buffer.changes if not buffer.waits(change)]


def _keys(changes: Iterable[Change]) -> frozenset[ChangeKey]:
    return frozenset(change.key for change in changes)


def _meet(span: Span, other: Span) -> bool:
    return span.start <= other.end and other.start <= span.end
