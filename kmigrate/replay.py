"""What comes of a plan: exactly its approved changes, in files that are as they were when it was made."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from kmigrate.errors import InvalidPlan
from kmigrate.helpers.modules import with_modules
from kmigrate.overrides import ByHand
from kmigrate.plan import AGAIN, Plan, PlannedFile
from kmigrate.results import Failure, FileResult, Outcome
from kmigrate.trial import Trial, trials


def replay(plan: Plan) -> Iterator[FileResult]:
    """The results of the files of a plan that have approved changes, and of those they need; nothing is written.

    A file that changed since, or for which the approved changes do not hold without the others, ends as FAILED. Raises
    InvalidPlan where a file of the plan is not there.
    """
    return with_modules(_replays(plan))


def _replays(plan: Plan) -> Iterator[FileResult]:
    wanted = {Path(file.path).absolute(): file for file in plan.files if file.approved}
    for needed in (*plan.paths, *wanted):
        if not needed.exists():
            raise InvalidPlan(f"the plan is about `{needed}`, which is not here", hint=_ELSEWHERE)
    if not wanted:
        return
    for trial in trials(plan.paths, plan.run_settings):
        file = wanted.pop(trial.path, None) if isinstance(trial, Trial) else None
        if isinstance(trial, Trial) and file is not None:
            result = _replayed(trial, file)
            yield _failed(trial, result) if isinstance(result, Failure) else result
    for file in wanted.values():
        yield FileResult(file.path, Outcome.FAILED, failure=CHANGED)


_ELSEWHERE = "run it where the plan was made; take a file that is gone out of the plan"

CHANGED = Failure("the file changed since the plan was made; it was left as it is", hint=AGAIN)


def _replayed(trial: Trial, file: PlannedFile) -> FileResult | Failure:
    if sha256(trial.source.encode(trial.source.text)).hexdigest() != file.sha256:
        return CHANGED
    possible = {change.key: change for change in trial.whole.told_changes}
    approved = [entry for entry in file.changes if entry.approved]
    for entry in approved:
        if entry.key not in possible:
            return Failure(f"{entry.rule} makes no change at line {entry.line} any more", hint=AGAIN)
    texts = []
    for entry in approved:
        if entry.edited and entry.after is not None:
            texts.append(ByHand(entry.key, trial.whole.rewritten(possible[entry.key])[0], entry.after))
    accepted = frozenset(entry.key for entry in approved)
    result = trial.only(accepted, tuple(texts))
    if result.outcome is Outcome.FAILED:
        return result.failure or Failure("the approved changes do not hold")
    senseless = trial.senseless(accepted, result)
    for entry in approved:
        inside = any(item.key != entry.key and item.span.contains(possible[entry.key].span) for item in texts)
        if entry.key in senseless and not inside:
            reason = (
                f"the change of {entry.rule} at line {entry.line} makes no sense without another that is not approved"
            )
            return Failure(reason, hint="approve all of its like, or none")
    return result


def _failed(trial: Trial, failure: Failure) -> FileResult:
    text = trial.source.text
    return FileResult(trial.shown, Outcome.FAILED, text, text, trial.source, failure=failure)
