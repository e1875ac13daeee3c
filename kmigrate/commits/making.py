"""How do the steps of a migration become commits, and what is left when one of them cannot be made?"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from kmigrate import git
from kmigrate.commits.message import message
from kmigrate.commits.steps import Step
from kmigrate.errors import GitFailed, InvalidSetting, KmigrateError
from kmigrate.exits import Exit
from kmigrate.journal import Planned
from kmigrate.writing import remove, replace_bytes, write

if TYPE_CHECKING:
    from kmigrate.ruleset.schema import Rule


def check(paths: Iterable[Path]) -> dict[Path, str]:
    """The last commit of each work tree that the files lie in, to go back to.

    Refuses files of which git could not make commits with nothing else in them: raises InvalidSetting or GitFailed.
    """
    real = [Path(os.path.realpath(path)) for path in paths]
    trees = git.by_work_tree(real)
    within = {path for files in trees.values() for path in files}
    dirty = git.uncommitted(real)
    tracked = frozenset[Path]().union(*(git.tracked(top) for top in trees))
    for path in real:
        reason = "the file is in no git work tree" if path not in within else dirty.get(path)
        if reason is None and path not in tracked:
            reason = git.UNTRACKED
        if reason is not None:
            hint = "commit it first; nothing was written"
            raise InvalidSetting(f"--commit-per-rule: {reason}", where=str(path), hint=hint)
    for top in trees:
        git.check_author(top)
    return {top: git.head(top) for top in trees}


def make(steps: Sequence[Step], rules: Mapping[str, Rule]) -> int:
    """Write and commit one step after the other; the number of commits.

    Raises GitFailed when one cannot be made (a hook refuses it, a file changed meanwhile): the files of that step are
    as they were before it, the commits before it stay. So it is when somebody interrupts.
    """
    made = 0
    for step in steps:
        written: list[Planned] = []
        try:
            for file in step.files:
                write(file.path, file.after, expected=file.before)
                written.append(file)
            for top, files in git.by_work_tree(file.path for file in step.files).items():
                git.add(top, [file.path for file in step.files if file.before is None and file.path in files])
                git.commit(top, files, message(step, rules, top))
                made += 1
                written = [file for file in written if file.path not in files]
        except KmigrateError as error:
            _put_back(written)
            what = f"the commit for {step.rule or 'the rest'} was not made: {error.title}"
            failed = GitFailed(what, where=error.where, hint=f"its files are as before; {_stay(made)}")
            failed.exit = Exit.FAILED if made else failed.exit
            raise failed from error
        except KeyboardInterrupt:
            _put_back(_not_committed(written))
            raise KeyboardInterrupt(_stay(made)) from None
    return made


def _stay(made: int) -> str:
    if not made:
        return "no commit was made"
    return "1 commit made before stays" if made == 1 else f"{made} commits made before stay"


def _not_committed(written: Sequence[Planned]) -> list[Planned]:
    """Git may have finished although it was interrupted."""
    dirty = git.uncommitted(file.path for file in written)
    return [file for file in written if file.path in dirty]


def _put_back(written: Sequence[Planned]) -> None:
    """A hook may have rewritten what we wrote; before the step the files were clean, so nothing of the user's is lost."""
    for file in written:
        with suppress(OSError, KmigrateError):
            if file.before is None:
                remove(file.path, expected=file.path.read_bytes())
            else:
                replace_bytes(file.path, file.before, expected=file.path.read_bytes())
