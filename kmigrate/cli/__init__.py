"""The command line: how do arguments become calls, and errors exit codes?"""

from __future__ import annotations

import errno
import gc
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

import kmigrate
from kmigrate.errors import KmigrateError
from kmigrate.exits import Exit

INTERRUPTED = int(Exit.INTERRUPTED)
BROKEN_PIPE = 141
_COMPLETE = "_KMIGRATE_COMPLETE"
"""Set by the shell when it asks for completions; the command line is elsewhere then."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; with `--debug`, errors come with their traceback."""
    if arguments is not None:
        return _main(list(arguments))
    _collect_rarely()
    try:
        return _main(sys.argv[1:])
    finally:
        gc.freeze()  # the process ends: nobody needs to look for garbage once more


def _collect_rarely() -> None:
    """Hardly anything that is made while modules are imported is ever garbage: looking for it is a sixth of the start."""
    gc.set_threshold(300_000, *gc.get_threshold()[1:])


def _main(given: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # where it is no TextIOWrapper
    try:
        code = _version() if given == ["--version"] else _commands(given)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        _forget_output()
        return BROKEN_PIPE
    except KeyboardInterrupt:
        print("kmigrate: interrupted", file=sys.stderr)
        return INTERRUPTED
    except KmigrateError as error:
        if "--debug" in given:
            raise
        print(f"kmigrate: error: {error}", file=sys.stderr)
        return int(error.exit)
    except Exception as error:
        if "--debug" in given:
            raise
        if isinstance(error, OSError) and error.errno == errno.ENOSPC and error.filename is None:
            _forget_output()
            print("kmigrate: error: the output cannot be written: no space left on the device (make room)", file=sys.stderr)
            return int(Exit.FAILED)
        what = f"{type(error).__name__}: {error}".splitlines()[0]
        print(f"kmigrate: internal error: {what} (--debug shows where; please report it)", file=sys.stderr)
        return int(Exit.FAILED)


def _forget_output() -> None:
    """Nothing more is written when the process ends: nobody can take it."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _version() -> int:
    print(f"kmigrate {kmigrate.__version__}")
    return int(Exit.CLEAN)


def _commands(arguments: list[str]) -> int:
    from kmigrate.cli.app import app

    completing = _COMPLETE in os.environ
    try:
        app(arguments or ["--help"], prog_name="kmigrate")
    except SystemExit as stop:
        if not arguments and not completing:
            return int(Exit.USAGE)
        return stop.code if isinstance(stop.code, int) else int(Exit.CLEAN if stop.code is None else Exit.FAILED)
    return int(Exit.CLEAN)
