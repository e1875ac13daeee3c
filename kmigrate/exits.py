"""Which exit code means what; the same table is printed by `--help` and in the documentation."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of every command."""

    CLEAN = 0
    WORK_LEFT = 1
    USAGE = 2
    FAILED = 3
    INTERRUPTED = 130


MEANING: dict[Exit, str] = {
    Exit.CLEAN: "nothing to do, or nothing left to do by hand",
    Exit.WORK_LEFT: (
        "something is left: changes or reviews (diff, scan, batch), reviews (where files were written), "
        "or what todo list, verify and rules coverage look for"
    ),
    Exit.USAGE: "the command, an option, a path or a rule file is wrong; nothing was written",
    Exit.FAILED: "some file could not be read, migrated or written; the others were",
    Exit.INTERRUPTED: "interrupted: each file is old or new, and `kmigrate undo`, or `batch --undo`, takes back what was written",
}
