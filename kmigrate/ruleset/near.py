"""Which known name did the author mean?"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str]) -> str:
    """`; did you mean ...?` with the known name that looks most like `name`, or nothing."""
    close = get_close_matches(name, sorted(set(known)), n=1, cutoff=0.6)
    return f"; did you mean `{close[0]}`?" if close else ""


def nearest_path(path: str, known: Iterable[str]) -> str:
    """The same for dotted names: the same last part elsewhere wins, then a similar name in the same place."""
    names = sorted(set(known), key=lambda name: (name.count("."), name))
    last = path.rpartition(".")[2]
    same = [name for name in names if name.rpartition(".")[2] == last]
    if same:
        return f"; did you mean `{same[0]}`?"
    parent = path.rpartition(".")[0]
    siblings = [name for name in names if name.rpartition(".")[0] == parent]
    return nearest(path, siblings) or nearest(path, names)
