"""How is what a batch wrote taken back: repository by repository, the last one first?"""

from __future__ import annotations

from typing import TextIO

from kmigrate import journal
from kmigrate.batch.state import State
from kmigrate.errors import NothingToUndo
from kmigrate.exits import Exit


def take_back(state: State, out: TextIO) -> Exit:
    """Restore the files of all recorded runs of the batch, and tell of each; raises NothingToUndo.

    A file that changed since is left as it is; its run stays recorded, and the exit code is FAILED.
    """
    runs = journal.runs(state.journal)
    if not runs:
        raise NothingToUndo("this batch has written nothing", hint="repeat the options that it wrote with")
    restored = refused = 0
    for run in runs:
        undone = journal.undo(run, state.journal)
        restored += len(undone.restored)
        refused += len(undone.refused)
        for error in undone.refused:
            print(f"refused: {error}", file=out)
    print(f"{restored} files restored, {refused} refused.", file=out)
    state.forget()
    return Exit.FAILED if refused else Exit.CLEAN
