"""How does a question look on a terminal of 80 columns: the place, the rule with its reason and link, the diff?"""

from __future__ import annotations

from difflib import unified_diff
from textwrap import wrap
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from kmigrate.edits import Confidence
from kmigrate.report import words
from kmigrate.report.hunks import lines_of

if TYPE_CHECKING:
    from kmigrate.reviewing import Question
    from kmigrate.ruleset.schema import Rule

CONTEXT = 2
"""So many unchanged lines are shown around a change."""

_STYLES = {"-": "red", "+": "green", "@": "cyan"}


def show(console: Console, question: Question, rule: Rule | None) -> None:
    """Print all that is needed to decide."""
    change = question.changes[0]
    place = words.visible(words.place(question.trial.whole, change.position))
    count = f" {question.number}/{question.total} in this file "
    line = max(4, console.width - len(place) - len(count) - 5)
    console.print()
    console.print(
        Text.assemble(("── ", "dim"), (place, "bold"), (" " + "─" * line, "dim"), (count, "dim"), ("─", "dim")),
        soft_wrap=True,
    )
    unsafe = change.confidence is Confidence.UNSAFE
    label = Text.assemble((change.rule, "bold cyan"), (" unsafe" if unsafe else "", "bold yellow"))
    _paragraph(console, label, change.title)
    if change.reason:
        _paragraph(console, Text("why ask", "yellow"), change.reason)
    if rule is not None:
        _paragraph(console, Text("reason", "dim"), " ".join(rule.why.split()))
        for link in rule.links[:1]:
            console.print(Text.assemble(("link    ", "dim"), link), soft_wrap=True)
    if len(question.changes) > 1:
        others = words.lines(item.position for item in question.changes[1:])
        _paragraph(console, Text("with", "dim"), f"the same {others}: none of them holds without the others")
    _diff(console, question)


def _paragraph(console: Console, label: Text, text: str) -> None:
    width = max(20, console.width - _INDENT - 1)
    for number, line in enumerate(wrap(words.visible(text), width) or [""]):
        head = label.copy() if number == 0 else Text()
        head.pad_right(max(1, _INDENT - len(head)))
        console.print(head + Text(line), soft_wrap=True)


_INDENT = 8


def _diff(console: Console, question: Question) -> None:
    old, new = lines_of(question.before.after), lines_of(question.after.after)
    for number, line in enumerate(unified_diff(old, new, n=CONTEXT)):
        if number >= 2:
            console.print(Text(words.visible(line), _STYLES.get(line[0], "")), soft_wrap=True)
