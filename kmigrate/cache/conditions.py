"""Does a result of an earlier run still say what this program, with these rules and settings, would say?"""

from __future__ import annotations

import os
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import kmigrate
from kmigrate.config import Settings
from kmigrate.file_stats import digest, file_stats
from kmigrate.ruleset.loader import builtin_rules_folder

FORMAT = 1
"""What is kept of a result; see `kmigrate.cache.plain`."""


def conditions(settings: Settings) -> str:
    """One hash of all that a result depends on beside the project: each file of kmigrate and its rules, Python, rope, the
    settings, and the rules that they add."""
    added = [file_stats(str(folder.absolute())) for folder in settings.rules]
    said = (_program(), repr(settings), [os.path.realpath(folder) for folder in settings.rules], added)
    return digest(said)


@cache
def _program() -> tuple[object, ...]:
    """The program does not change while it runs."""
    rope = find_spec("rope")
    place = Path(rope.origin).parent if rope is not None and rope.origin is not None else None
    folders = (Path(kmigrate.__file__).parent, builtin_rules_folder(), *([place] if place is not None else []))
    return FORMAT, kmigrate.__version__, sys.version, [file_stats(str(folder)) for folder in folders]
