"""What comes of a plan: exactly its approved changes, in files that are as they were when it was made."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from kmigrate.edits import Span
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
    approved = [entry for entry in file.changes if entry.approved]
    imports = trial.whole.imports
    texts = []
    for entry in approved:
        change = trial.told(entry.key)
        if change is not None and entry.edited:
            texts.append(ByHand(entry.key, trial.whole.rewritten(change)[0], entry.after))
        if change is None and entry.key[1:] not in imports:
            return Failure(f"{entry.rule} makes no change at {entry.place} any more", hint=AGAIN)
    kept = {entry.key[1:] for entry in file.changes if not entry.approved}
    following = (change.key for change in trial.whole.told_changes if change.key[1:] in imports - kept)
    accepted = frozenset((*(entry.key for entry in approved), *following))
    result = trial.only(accepted, tuple(texts))
    if result.outcome is Outcome.FAILED:
        return result.failure or Failure("the approved changes do not hold")
    senseless = trial.senseless(accepted, result)
    for entry in approved:
        inside = any(item.key != entry.key and item.span.contains(Span(entry.start, entry.end)) for item in texts)
        if entry.key in senseless and not inside:
            reason = f"the change of {entry.rule} at {entry.place} makes no sense without another that is not approved"
            return Failure(reason, hint="approve all of its like, or none")
    return result


def _failed(trial: Trial, failure: Failure) -> FileResult:
    text = trial.source.text
    return FileResult(trial.shown, Outcome.FAILED, text, text, trial.source, failure=failure)
