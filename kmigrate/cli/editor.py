"""What does a person make of a text in the editor of their choice?"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kmigrate.errors import InvalidSetting


def edited(text: str, suffix: str = ".py") -> str:
    """The text as it was saved, in the editor that $VISUAL or $EDITOR names.

    Raises InvalidSetting where the editor does not run or fails, or leaves nothing that can be read.
    """
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ("notepad" if os.name == "nt" else "vi")
    with tempfile.TemporaryDirectory(prefix="kmigrate-") as folder:
        path = Path(folder) / f"change{suffix}"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        try:
            with _keys_are_the_editors():
                done = subprocess.run([*shlex.split(command), str(path)], check=False)
        except (OSError, ValueError) as error:
            reason = (getattr(error, "strerror", None) or str(error)).lower()
            raise InvalidSetting(f"the editor `{command}` did not run: {reason}", hint="set EDITOR") from error
        if done.returncode:
            how = f"code {done.returncode}" if done.returncode > 0 else f"signal {-done.returncode}"
            raise InvalidSetting(f"the editor `{command}` ended with {how}", hint="the text stayed as it was")
        try:
            new = path.read_bytes().decode("utf-8", "surrogatepass")
        except (OSError, UnicodeDecodeError) as error:
            reason = "is no UTF-8 text" if isinstance(error, UnicodeDecodeError) else "cannot be read any more"
            raise InvalidSetting(f"what the editor `{command}` left {reason}", hint="the text stayed as it was") from error
    if not new.strip():
        raise InvalidSetting("the editor left no text", hint="press n to leave the change out")
    return new


@contextmanager
def _keys_are_the_editors() -> Iterator[None]:
    """Ctrl-C in the editor is the editor's: it does not end the review."""
    before = signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
