"""How many programs of each family ended how?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from kmigrate.referee.ended import told
from kmigrate.referee.judged import Ending, Judged

WIDTH = 24
NUMBER = r"\d[\d.e-]*"


def tally(judged: Sequence[Judged], versions: Sequence[str]) -> str:
    """A table for each version, with a line per family; a family is the name up to the first slash."""
    shown = [ending for ending in Ending if any(item.ending is ending for item in judged)]
    return "\n\n".join(_table([item for item in judged if item.version == version], version, shown) for version in versions)


def _table(judged: Sequence[Judged], version: str, shown: Sequence[Ending]) -> str:
    counts: dict[str, Counter[Ending]] = {}
    for item in judged:
        counts.setdefault(item.name.partition("/")[0], Counter())[item.ending] += 1
    total = sum(counts.values(), Counter[Ending]())
    lines = [f"{f'Keras {version}':{WIDTH}}" + "".join(f"{ending.value:>{_wide(ending)}}" for ending in shown)]
    for name, count in [*sorted(counts.items()), ("all", total)]:
        lines.append(f"{name:{WIDTH}}" + "".join(f"{count[ending] or '.':>{_wide(ending)}}" for ending in shown))
    return "\n".join(lines)


def _wide(ending: Ending) -> int:
    return max(8, len(ending.value) + 2)


def reasons(judged: Sequence[Judged]) -> str:
    """Why programs are under review, noted or refused, and how many for which reason; the most common first."""
    counts: dict[Ending, Counter[str]] = {Ending.REVIEW: Counter(), Ending.NOTED: Counter(), Ending.REFUSED: Counter()}
    for item in judged:
        if item.ending in counts:
            counts[item.ending].update({f"{item.name.partition('/')[0]}: {why}" for why in _reasons(item)})
    return "\n".join(
        f"{ending.value:{WIDTH}}{count:6}  {why[:150]}" for ending, found in counts.items() for why, count in found.most_common()
    )


def _reasons(item: Judged) -> list[str]:
    match item.ending:
        case Ending.REVIEW:
            return [f"{review.rule} {review.reason}" for review in item.result.reviews]
        case Ending.NOTED:
            rules = " ".join(note.rule for note in item.result.notes)
            return [f"{rules} {re.sub(NUMBER, '#', _what(item))}"]
        case _:
            return [re.sub(NUMBER, "#", _what(item))]


def faults(judged: Sequence[Judged]) -> str:
    """Each fault: where, what, and both texts."""
    return "\n\n".join(
        f"{item.name} on Keras {item.version}: {item.ending.value}: {_what(item)}\n{item.program}\n  migrated:\n"
        f"{item.result.after}"
        for item in judged
    )  # fmt: skip


def _what(item: Judged) -> str:
    if item.result.failure is not None:
        return item.result.failure.reason
    return told(item.verdict) if item.verdict is not None else ""
