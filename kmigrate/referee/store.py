"""Has this program run on this Keras before? Answers and weights are kept by what they depend on."""

from __future__ import annotations

import hashlib
import json
import os
from functools import cache
from pathlib import Path
from typing import Any

from kmigrate.referee.outcome import Program
from kmigrate.referee.worker import INSIDE

VARIABLE = "KMIGRATE_REFEREE_CACHE"
DEFAULT = "~/.cache/kmigrate/referee"


class Store:
    """A folder of answers. The code that runs inside the environments is part of every key."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(os.environ.get(VARIABLE) or DEFAULT).expanduser()
        self.folder.mkdir(parents=True, exist_ok=True)

    def key(self, version: str, program: Program, weights_in: Path | None) -> str:
        """The name under which the answer for a program is kept."""
        parts = [
            _code(), version, program.text, str(program.seed), str(program.carry), str(program.shared),
            str(program.seconds), str(program.megabytes), weights_in.stem if weights_in else "",
        ]  # fmt: skip
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]

    def answer(self, key: str) -> dict[str, Any] | None:
        """The answer kept under a key."""
        try:
            answer: dict[str, Any] = json.loads(self._answer(key).read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            return None
        return answer

    def keep(self, key: str, answer: dict[str, Any]) -> None:
        """Keep an answer. Timeouts and crashes are not kept: they depend on the machine."""
        if answer["outcome"] in ("ok", "error"):
            path = self._answer(key)
            draft = path.with_suffix(f".{os.getpid()}")
            draft.write_text(json.dumps(answer), encoding="ascii")
            draft.replace(path)

    def weights(self, key: str) -> Path:
        """Where the weights of a run are, or will be."""
        return self.folder / key[:2] / f"{key}.npz"

    def _answer(self, key: str) -> Path:
        folder = self.folder / key[:2]
        folder.mkdir(exist_ok=True)
        return folder / f"{key}.json"


@cache
def _code() -> str:
    digest = hashlib.sha256()
    for path in sorted(INSIDE.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
