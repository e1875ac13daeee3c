"""Where the real Kerases are asked for, and skipped with the reason where they are not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kmigrate.referee.environments import VARIABLE, environments, missing
from kmigrate.referee.pool import Pool
from kmigrate.referee.store import Store


@pytest.fixture
def needs() -> Callable[..., None]:
    """Skips the test unless all the versions have an environment."""

    def check(*versions: str) -> None:
        absent = missing(versions)
        if absent:
            pytest.skip(f"{environments()} has no Keras {', '.join(absent)}: `make environments`, or set {VARIABLE}")

    return check


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Pool]:
    """A pool that remembers nothing of other runs."""
    with Pool(jobs=1, store=Store(tmp_path / "store")) as made:
        yield made
