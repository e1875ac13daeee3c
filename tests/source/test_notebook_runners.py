"""What a magic runs on its line is migrated like any other line, and what it names is used."""

from __future__ import annotations

import pytest
from made_notebooks import notebook

from kmigrate.config import Settings
from kmigrate.engine import Engine
from kmigrate.source.notebook.source import NotebookSource

IMPORTS = """\
from keras.models import Sequential
from keras.layers import Convolution2D
from keras.utils import np_utils
m = Sequential()
"""


def after(line: str) -> str:
    """The line once it is migrated."""
    result = Engine(None, Settings()).migrate(NotebookSource.from_bytes(notebook(IMPORTS, f"{line}\n"), "a.ipynb"))
    assert result.failure is None
    assert result.reviews == ()
    return result.after.rstrip("\n").rpartition("\n")[2]


@pytest.mark.parametrize(
    "magic",
    [
        "%prun", "%prun -l 5", "_ = %prun -r", "%lprun -f f", "%mprun -f f -T out.txt", "%snakeviz -t", "%debug", "%memit -r 3",
        "%time for i in range(3):", "%prun -q if m:", "r = %timeit -o",
    ],
)  # fmt: skip
def test_the_arguments_of_a_call_are_migrated(magic: str) -> None:
    assert after(f"{magic} m.fit(x, y, nb_epoch=2)") == f"{magic} m.fit(x, y, epochs=2)"


def test_names_follow_their_imports() -> None:
    assert after("%prun Convolution2D(3, 3, 3)") == "%prun Conv2D(3, (3, 3))"
    assert after("%prun y = np_utils.to_categorical([1])") == "%prun y = to_categorical([1])"
    assert after("%lprun -f Convolution2D.call m.train()") == "%lprun -f Conv2D.call m.train()"
