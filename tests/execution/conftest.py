"""Tasks to hand to processes."""

from pathlib import Path

import pytest

from kmigrate.config import Settings
from kmigrate.execution.tasks import Task
from kmigrate.source.text import Source

KERAS_1 = "from keras.layers import Dense\n\nlayer = Dense(output_dim={})\n"


@pytest.fixture
def tasks(tmp_path: Path) -> list[Task]:
    """Eight tasks of two files, each file with a text of its own."""
    return [
        Task(
            tmp_path,
            Settings(),
            tuple(
                (f"{number}{letter}.py", Source(str(tmp_path / f"{number}{letter}.py"), KERAS_1.format(f"{number}{line}")))
                for line, letter in enumerate("ab")
            ),
        )
        for number in range(8)
    ]
