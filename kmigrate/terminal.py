"""What can the terminal do that a stream goes to?"""

from __future__ import annotations

import os
from typing import TextIO


def clears_lines(stream: TextIO) -> bool:
    """Whether a line that was written can be taken back: not in a file, nor on a terminal that knows no control sequences."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"
