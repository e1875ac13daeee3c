"""What does a file of known cases hold? One small program a line, with the outcomes that were measured when it was written."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kmigrate.errors import KmigrateError

HEADER = "import numpy as np\nimport keras\nfrom keras import backend as K\n"
"""The programs take these names for granted; a migration has to see where they come from."""

SAME = "same"


class InvalidCases(KmigrateError):
    """A file of known cases can't be read."""


@dataclass(frozen=True)
class Case:
    """A Keras 1 program, and what is known of it.

    texts: by kind (`k1` the program, `k2` the renamed one, `fix` the right migration) and version, "" for all others;
    outcomes: by kind (`asis`, `k2`, `fix`) and version: "same", "differs: …" or "error: …".
    """

    id: str
    topic: str
    keras1: str
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    outcomes: dict[str, dict[str, str]] = field(default_factory=dict)
    note: str = ""

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
        if not wanted or case.id.startswith(wanted):
            cases.append(case)
    return cases


def _case(data: dict[str, Any]) -> Case:
    texts = {kind: _texts(data[f"src_{kind}"]) for kind in ("k2", "fix") if data.get(f"src_{kind}")}
    outcomes = {kind: data[kind] for kind in ("asis", "k2", "fix") if kind in data}
    return Case(data["id"], data.get("topic", ""), data["src_k1"], texts, outcomes, data.get("note", ""))


def _texts(value: str | dict[str, str | None]) -> dict[str, str]:
    if isinstance(value, str):
        return {"": value}
    return {"" if version == "default" else version: text for version, text in value.items() if text is not None}
