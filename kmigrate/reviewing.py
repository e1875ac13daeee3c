"""Which change is asked about next, and what has a person answered so far?

Pure: a state and an answer give the next state, so that an answer can be taken back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from kmigrate.edits import Confidence, Span
from kmigrate.overrides import ByHand
from kmigrate.results import Change, ChangeKey, FileResult, Outcome
from kmigrate.source.keeping import comments, inserted, moved
from kmigrate.trial import Trial


class Answer(str, Enum):
    """What a person can say about a change; the value is the key to press."""

    YES = "y"
    NO = "n"
    KEEP = "i"
    REST = "a"
    NONE = "d"
    ALWAYS = "Y"
    NEVER = "N"


@dataclass(frozen=True, slots=True)
class Answers:
    """What was said about the changes of one file: made, left, left with a comment that keeps the answer, rewritten."""

    made: frozenset[ChangeKey] = frozenset()
    left: frozenset[ChangeKey] = frozenset()
    kept: frozenset[ChangeKey] = frozenset()
    texts: tuple[ByHand, ...] = ()

    def knows(self, change: Change) -> bool:
        """Whether the change was decided."""
        return change.key in self.made or change.key in self.left


@dataclass(frozen=True)
class State:
    """The answers for all files, the number of the file that is looked at, and what holds for a rule from now on."""

    answers: tuple[Answers, ...]
    file: int = 0
    standing: dict[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """Make these changes? More than one where none of them holds without the others.

    `before` is the file as answered so far, `after` with the changes.
    """

    trial: Trial
    changes: tuple[Change, ...]
    before: FileResult
    after: FileResult
    number: int
    total: int


def begin(trials: Sequence[Trial]) -> State:
    """The state before the first question."""
    return State(tuple(Answers() for _ in trials))


def ask(trials: Sequence[Trial], state: State) -> tuple[State, Question | None]:
    """The next question, None when all is answered; the state has what needed no asking.

    That is what a rule's standing answer decides, what changes no text by itself, and what makes no sense without a change
    that was refused.
    """
    while state.file < len(trials):
        trial, mine = trials[state.file], state.answers[state.file]
        changes = _ordered(trial)
        change = next((change for change in changes if not mine.knows(change)), None)
        if change is None:
            state = replace(state, file=state.file + 1)
            continue
        found = None if state.standing.get(change.rule) is False else together(trial, mine, change)
        if found is None:
            state = _with(state, replace(mine, left=mine.left | {change.key}))
            continue
        before = trial.only(mine.made, mine.texts)
        if state.standing.get(change.rule) or before.after == found[1].after:
            state = _with(state, replace(mine, made=mine.made | {item.key for item in found[0]}))
            continue
        number = sum(mine.knows(change) for change in changes) + 1
        return state, Question(trial, found[0], before, found[1], number, len(changes))
    return state, None


def together(trial: Trial, mine: Answers, change: Change) -> tuple[tuple[Change, ...], FileResult] | None:
    """The change, with those of its rule where it does not hold alone, and the file with it; None if that fails too."""
    like = tuple(item for item in _ordered(trial) if item.rule == change.rule and not mine.knows(item))
    for group in ((change,), like):
        keys = frozenset(item.key for item in group)
        result = trial.only(mine.made | keys, mine.texts)
        if result.outcome is not Outcome.FAILED and not trial.senseless(keys, result):
            return group, result
    return None


def answered(state: State, question: Question, answer: Answer) -> State:
    """The state after an answer."""
    mine = state.answers[state.file]
    keys = frozenset(change.key for change in question.changes)
    rule = question.changes[0].rule
    open_ = [change for change in _ordered(question.trial) if not mine.knows(change)]
    match answer:
        case Answer.YES:
            return _with(state, replace(mine, made=mine.made | keys))
        case Answer.NO:
            return _with(state, replace(mine, left=mine.left | keys))
        case Answer.KEEP:
            return _with(state, replace(mine, left=mine.left | keys, kept=mine.kept | keys))
        case Answer.REST:
            safe = frozenset(change.key for change in open_ if change.confidence is Confidence.SAFE)
            return _with(state, replace(mine, made=mine.made | keys | safe))
        case Answer.NONE:
            return _with(state, replace(mine, left=mine.left | {change.key for change in open_}))
        case Answer.ALWAYS:
            return replace(_with(state, replace(mine, made=mine.made | keys)), standing=state.standing | {rule: True})
        case Answer.NEVER:
            return replace(_with(state, replace(mine, left=mine.left | keys)), standing=state.standing | {rule: False})


def written(state: State, question: Question, text: str) -> State | str:
    """The state after a person wrote a text in the place of the change; why not, if the text is no good."""
    mine = state.answers[state.file]
    change = question.changes[0]
    span, _ = question.after.rewritten(change)
    texts = (*mine.texts, ByHand(change.key, span, text))
    result = question.trial.only(mine.made | {change.key}, texts)
    if result.outcome is Outcome.FAILED:
        return result.failure.reason if result.failure else "it does not hold"
    return _with(state, replace(mine, made=mine.made | {change.key}, texts=texts))


def outcome(trial: Trial, mine: Answers) -> FileResult:
    """The file as it was answered; comments keep the answers that are to be kept."""
    if not mine.kept:
        return trial.only(mine.made, mine.texts)
    source = trial.source
    insertions = comments(source, [(start, rule) for rule, start, _ in mine.kept])
    commented = replace(source, text=inserted(source.text, insertions))

    def there(key: ChangeKey) -> ChangeKey:
        return key[0], *moved(key[1], key[2], insertions)

    if not mine.made:
        return replace(trial.only(mine.made), outcome=Outcome.CHANGED, after=commented.text)
    again = replace(trial, source=commented)
    texts = tuple(
        ByHand(there(item.key), Span(*moved(item.span.start, item.span.end, insertions)), item.text)
        for item in mine.texts
    )
    result = again.only(frozenset(there(key) for key in mine.made), texts)
    if result.outcome is Outcome.FAILED:
        return replace(result, before=source.text, after=source.text, source=source)
    return replace(result, outcome=Outcome.CHANGED, before=source.text, source=source, replacements=())


def left_out(trial: Trial, mine: Answers) -> int:
    """How many changes were not made, and no comment says so: they are asked about again the next time."""
    return sum(change.key not in mine.made | mine.kept for change in trial.whole.told_changes)


def _ordered(trial: Trial) -> list[Change]:
    return sorted(trial.whole.told_changes, key=lambda change: (change.start, change.end))


def _with(state: State, mine: Answers) -> State:
    answers = (*state.answers[: state.file], mine, *state.answers[state.file + 1 :])
    return replace(state, answers=answers)
