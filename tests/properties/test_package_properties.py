"""Do the modules of a project still fit together when each of them is migrated?

Packages run before and after, on recording Kerases of both versions: after it, every name that one module takes from another is
there, every call fits Keras 2, and the user's own functions get what they got. `PACKAGES=20000` tries as many.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from packages import packages
from recording import Run, ran

from kmigrate.api import scan
from kmigrate.results import Outcome

COUNT = int(os.environ.get("PACKAGES", "150"))
ALIKE = "PACKAGES" not in os.environ
"""The suite tries the same packages each time."""


@settings(max_examples=COUNT, derandomize=ALIKE, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(texts=packages())
def test_modules_still_fit_together(texts: dict[str, str]) -> None:
    before, own = run("1.2.2", texts)
    if before.error is not None:
        return
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: Path(folder, path_of(name, texts)) for name in texts}
        for name, path in paths.items():
            path.parent.mkdir(exist_ok=True)
            path.write_text(texts[name])
        results = {Path(result.path or "").absolute(): result for result in scan(folder)}
    if any(result.reviews or result.failure is not None for result in results.values()):
        return
    new = {name: results[path].after if results[path].outcome is Outcome.CHANGED else texts[name] for name, path in paths.items()}

    after, own_after = run("2.15.0", new)

    assert after.error is None, new
    assert own_after == own, new
    assert len(after.events) == len(before.events), new


def run(version: str, texts: dict[str, str]) -> tuple[Run, list[str]]:
    """What was called of Keras, and what the user's own functions were given."""
    own: list[str] = []
    return ran(version, texts, {"T": 1, "YES": True, "OWN": lambda *given: own.append(repr(given))}), own


def path_of(name: str, texts: dict[str, str]) -> str:
    """Where a module stands."""
    package = any(other.startswith(f"{name}.") for other in texts)
    return f"{name.replace('.', '/')}{'/__init__' if package else ''}.py"
