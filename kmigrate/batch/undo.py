"""How is what a batch wrote taken back: repository by repository, the last one first; and which run was the last one here?"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TextIO

from kmigrate import journal
from kmigrate.batch.commits import Tell, forget_made
from kmigrate.batch.state import State, journals
from kmigrate.errors import NothingToUndo, WriteRefused
from kmigrate.exits import Exit


def take_back(state: State, out: TextIO, tell: Tell) -> Exit:
    """Restore the files of all recorded runs of the batch, and tell of each; raises NothingToUndo. What is committed stays.

    A file that changed since is left as it is, and so are those of a run whose record is damaged; the run stays recorded,
    and the exit code is FAILED.
    """
    forget_made(state, tell)
    runs = journal.runs(state.journal)
    if not runs:
        hint = "repeat the options that it wrote with; a commit that it made is taken back by git: `git reset --keep HEAD~1`"
        raise NothingToUndo("this batch has written nothing, or committed it", hint=hint)
    restored = refused = 0
    for run in runs:
        try:
            undone = journal.undo(run, state.journal)
        except WriteRefused as damaged:
            refused += 1
            print(f"refused: {damaged}", file=out)
            continue
        restored += len(undone.restored)
        refused += len(undone.refused)
        for error in undone.refused:
            print(f"refused: {error}", file=out)
    print(f"{restored} files restored, {refused} refused.", file=out)
    state.forget()
    return Exit.FAILED if refused else Exit.CLEAN


def last_run_below(folder: Path) -> str | None:
    """The id of the last run that wrote below the folder or in the git work tree around it; None where none is recorded at all.

    Raises NothingToUndo where all wrote elsewhere, and where a batch wrote there after it.
    """
    run = journal.last_below(folder)
    batch = max(filter(None, (journal.last_below(folder, home) for home in journals())), default=None)
    if batch is not None and (run is None or batch > run):
        hint = "give its command once more, with --undo"
        if run is not None:
            hint += f"; `kmigrate undo {run}` takes back the run before it"
        raise NothingToUndo("the last one to write here was a batch", hint=hint)
    known = journal.runs()
    if run is not None or not known:
        return run
    where = os.path.commonpath(journal.written(known[0]))
    raise NothingToUndo(
        f"no recorded run wrote below `{folder}`",
        hint=f"the last one wrote to {where}: `kmigrate undo {known[0]}` takes it back, from anywhere",
    )
