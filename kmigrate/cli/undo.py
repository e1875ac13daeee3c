"""`kmigrate undo`: the files of a run as they were before it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kmigrate.cli import options
from kmigrate.exits import Exit

Run = Annotated[str | None, typer.Argument(metavar="[RUN]", help="Id of a run; the last one that wrote here by default.")]


def undo(run: Run = None, debug: options.Debug = False) -> None:
    """Restore the files of the last run here, or of the run named, byte for byte.

    Here is the git work tree around the working directory, or that folder alone; a run that is named may have written
    anywhere. A file that changed since the run is left as it is. The last 20 runs are remembered.
    """
    from kmigrate import journal
    from kmigrate.batch.undo import last_run_below
    from kmigrate.report.words import visible
    from kmigrate.source.discovery import shown

    undone = journal.undo(run if run is not None else last_run_below(Path.cwd()))
    for path in undone.restored:
        print(f"{'restored' if path.exists() else 'removed'} {visible(shown(path))}")
    for error in undone.refused:
        print(f"kmigrate: error: {visible(str(error))}", file=sys.stderr)
    files = "1 file" if len(undone.restored) == 1 else f"{len(undone.restored)} files"
    print(f"Run {undone.run}: {files} restored, {len(undone.refused)} refused, {len(undone.untouched)} as before.")
    raise typer.Exit(Exit.FAILED if undone.refused else Exit.CLEAN)
