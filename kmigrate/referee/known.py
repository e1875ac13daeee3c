"""What does a file of known cases hold? One small program a line, with the outcomes that were measured for it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kmigrate.errors import KmigrateError

HEADER = "import numpy as np\nimport keras\nfrom keras import backend as K\n"
"""The programs take these names for granted; a migration has to see where they come from."""

PLAIN = (
    (re.compile(r"\*\*\{E: ([^}]*)\}"), r"nb_epoch=\1"),
    (re.compile(r"\*\*\(\{'metrics': metrics\} if metrics else \{\}\)"), "metrics=metrics or []"),
)
"""Some programs hide keywords so that one text runs on Keras 1 and 2. Nobody writes so, and no migration sees them."""

SHARED = 8
"""A line that is in so many programs belongs to what they have in common, not to what a case is about."""

SAME = "same"


class InvalidCases(KmigrateError):
    """A file of known cases can't be read."""


@dataclass(frozen=True)
class Case:
    """A Keras 1 program, and what is known of it.

    texts: by kind (`k1` the program, `k2` the renamed one, `fix` the right migration) and version, "" for all others;
    outcomes: by kind (`asis`, `k2`, `fix`) and version: "same", "differs: …" or "error: …";
    shared: the numbers of the lines of `program` that many cases have in common.
    """

    id: str
    topic: str
    keras1: str
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    outcomes: dict[str, dict[str, str]] = field(default_factory=dict)
    note: str = ""
    shared: frozenset[int] = frozenset()

    @property
    def program(self) -> str:
        """The Keras 1 program with its imports."""
        return HEADER + self.keras1

    def text(self, kind: str, version: str) -> str | None:
        """A text of that kind for a version, with its imports."""
        if kind == "k1":
            return self.program
        texts = self.texts.get(kind, {})
        found = texts.get(version) or texts.get("")
        return None if found is None else HEADER + found

    def known_way(self, version: str) -> bool:
        """Is there a text that is known to compute the same on that version?"""
        return any(outcomes.get(version) == SAME for outcomes in self.outcomes.values())


def read_cases(path: Path, prefixes: Iterable[str] = ()) -> list[Case]:
    """The cases of a file whose ids start with one of the prefixes; all without prefixes."""
    wanted = tuple(prefixes)
    cases = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise InvalidCases(f"the cases can't be read: {error.strerror}", where=str(path)) from error
    for number, line in enumerate(lines, start=1):
        body = line.strip().rstrip(",")
        if body in ("", "[", "]"):
            continue
        try:
            case = _case(json.loads(body))
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidCases(f"not a case: {error!r}", where=f"{path}:{number}") from error
        cases.append(case)
    return [case for case in _with_shared(cases) if not wanted or case.id.startswith(wanted)]


def _with_shared(cases: list[Case]) -> list[Case]:
    counts = Counter(line for case in cases for line in set(case.program.splitlines()))
    return [
        replace(case, shared=frozenset(number for number, line in enumerate(case.program.splitlines(), start=1)
                                       if counts[line] >= SHARED or number <= HEADER.count("\n")))
        for case in cases
    ]  # fmt: skip


def _plain(text: str) -> str:
    for pattern, new in PLAIN:
        text = pattern.sub(new, text)
    return text


def _case(data: dict[str, Any]) -> Case:
    texts: dict[str, dict[str, str]] = {
        kind: _texts(data[f"src_{kind}"]) for kind in ("k2", "fix") if data.get(f"src_{kind}")
    }
    outcomes: dict[str, dict[str, str]] = {kind: data[kind] for kind in ("asis", "k2", "fix") if kind in data}
    return Case(data["id"], data.get("topic", ""), _plain(data["src_k1"]), texts, outcomes, data.get("note", ""))


def _texts(value: str | dict[str, str | None]) -> dict[str, str]:
    if isinstance(value, str):
        return {"": _plain(value)}
    return {
        "" if version == "default" else version: _plain(text) for version, text in value.items() if text is not None
    }
