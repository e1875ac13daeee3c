"""What does a person make of a text in the editor of their choice?"""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from kmigrate.errors import InvalidSetting


def edited(text: str, suffix: str = ".py") -> str:
    """The text as it was saved, in the editor that $VISUAL or $EDITOR names. Raises InvalidSetting if it does not run."""
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ("notepad" if os.name == "nt" else "vi")
    with tempfile.TemporaryDirectory(prefix="kmigrate-") as folder:
        path = Path(folder) / f"change{suffix}"
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        try:
            subprocess.run([*shlex.split(command), str(path)], check=True)
        except (OSError, ValueError, subprocess.CalledProcessError) as error:
            raise InvalidSetting(f"the editor `{command}` did not run: {error}", hint="set EDITOR") from error
        return path.read_bytes().decode("utf-8", "surrogatepass")
