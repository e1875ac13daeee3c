"""Repositories to migrate."""

from pathlib import Path

import pytest
from batch_place import BROKEN, BY_HAND, KERAS_1, Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Four repositories: two to change, one with reviews and a broken file, one without Keras."""
    made = Place(tmp_path)
    made.write("first/model.py", KERAS_1.format(1))
    made.write("first/plain.py", "import os\n")
    made.write("owner/second/train.py", KERAS_1.format(2))
    made.write("owner/second/net.py", BY_HAND)
    (tmp_path / "repositories/owner/second/.git").mkdir()
    made.write("third/broken.py", BROKEN)
    made.write("third/good.py", KERAS_1.format(3))
    made.write("zero/plain.py", "import os\n")
    return made
