"""What did a verification find: which models of which scripts compute the same before and after the migration?"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from enum import Enum


class Answer(str, Enum):
    """How a model, or a script as a whole, ended."""

    SAME = "same"
    DIFFERS = "differs"
    STOPPED = "could not run"


@dataclass(frozen=True, slots=True)
class Finding:
    """One model of a script; `model` is empty where it is about the script: that it stopped, or makes no model.

    details: in what the models differ, or why and where the script stopped; nothing for the same.
    """

    script: str
    model: str
    answer: Answer
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verification:
    """All findings, with the versions of Keras that ran the scripts before and after the migration."""

    old: str
    new: str
    findings: tuple[Finding, ...]

    @property
    def answers(self) -> Counter[Answer]:
        """How many findings of each kind there are."""
        return Counter(finding.answer for finding in self.findings)

    @property
    def packages(self) -> tuple[str, ...]:
        """The packages without which scripts stopped; what Keras lacks is no package."""
        found = {
            named.group(1)
            for finding in self.findings if finding.answer is Answer.STOPPED
            for detail in finding.details if (named := _LACKING.search(detail)) is not None
        }  # fmt: skip
        return tuple(sorted(found - {"keras"}))

    @property
    def proven(self) -> bool:
        """Whether all models of all scripts compute the same."""
        return bool(self.findings) and all(finding.answer is Answer.SAME for finding in self.findings)


_LACKING = re.compile(r"ModuleNotFoundError: No module named '(?!__)(\w+)'")
