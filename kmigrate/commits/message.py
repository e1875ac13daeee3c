"""What does the message of a commit say: which rule, why, and which files?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING

from kmigrate.commits.steps import Step
from kmigrate.report.words import visible

if TYPE_CHECKING:
    from kmigrate.ruleset.schema import Rule

WIDTH = 72
"""Lines of a commit message are at most so wide."""

LISTED = 50
"""So many files are named."""


def message(step: Step, rules: Mapping[str, Rule], top: Path) -> str:
    """The message: id and title of the rule, why it exists, what else is in the commit, and the files, from `top`."""
    return "\n\n".join(_parts(step, rules, top)) + "\n"


def _parts(step: Step, rules: Mapping[str, Rule], top: Path) -> Iterator[str]:
    if step.rule is None:
        yield "Finish the migration to Keras 2"
    else:
        yield from _about(rules[step.rule])
    if step.others:
        with_it = (f"- {id}: {rules[id].title}" for id in step.others)
        yield "Together with:\n" + "\n".join(fill(line, WIDTH, subsequent_indent="  ") for line in with_it)
    names = [file.path.relative_to(top).as_posix() for file in step.files if file.path.is_relative_to(top)]
    more = [f"- and {len(names) - LISTED} more"] if len(names) > LISTED else []
    yield "\n".join(("Files:", *(f"- {visible(name)}" for name in names[:LISTED]), *more))


def _about(rule: Rule) -> Iterator[str]:
    subject = f"{rule.id}: {rule.title}"
    if len(subject) <= WIDTH:
        yield subject
    else:
        yield f"{rule.id}: {rule.name}"
        yield fill(rule.title, WIDTH)
    yield fill(" ".join(rule.why.split()), WIDTH, break_long_words=False)
