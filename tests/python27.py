"""Which Python 2.7 is there to ask?"""

from __future__ import annotations

import subprocess
from pathlib import Path


def python27() -> str | None:
    """A Python 2.7 that runs: the one on the path, or one that pyenv keeps."""
    kept = sorted(Path.home().glob(".pyenv/versions/2.7*/bin/python2.7"))
    for candidate in ("python2.7", *map(str, kept)):
        try:
            subprocess.run([candidate, "-c", "pass"], check=True, capture_output=True, timeout=30)
        except (OSError, subprocess.SubprocessError):
            continue
        return candidate
    return None
