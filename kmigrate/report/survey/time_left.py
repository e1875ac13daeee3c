"""How is a person told the minutes that a migration takes, and what they are based on?"""

from __future__ import annotations

import re

from kmigrate.report.survey.estimate import Item
from kmigrate.report.survey.model import Survey

ASSUMED = "The minutes for each are assumptions; your own times may differ by much."


def duration(minutes: float) -> str:
    """`45 min`, `3 h 20 min`; at least a minute where there is any work."""
    hours, rest = divmod(whole(minutes), 60)
    return " ".join(filter(None, (f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else "")))


def whole(minutes: float) -> int:
    """Whole minutes; at least one where there is any work."""
    return max(round(minutes), 1 if minutes > 0 else 0)


def time_left(survey: Survey) -> str:
    """`about 25 min`."""
    return f"about {duration(survey.minutes)}"


def basis(survey: Survey) -> str:
    """`3 uses to change by hand, 5 min each; 2 rules to read about, 5 min each. ...`: what the minutes are based on."""
    said = "; ".join(_told(item) for item in survey.items if item.count)
    return f"{said}. {ASSUMED}" if said else ASSUMED


def _told(item: Item) -> str:
    what = _NOUN.sub(r"\1", item.what, count=1) if item.count == 1 else item.what
    return f"{item.count} {what}, {item.each:g} min" + (" each" if item.count > 1 else "")


_NOUN = re.compile(r"\b(change|use|rule|file)s\b")
