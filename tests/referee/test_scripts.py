"""Which files of a project are run?"""

from __future__ import annotations

from pathlib import Path

import pytest

from kmigrate.config import Settings
from kmigrate.referee.scripts import scripts
from kmigrate.runner import run

MODEL = "from keras.layers import Dense\n\ndef build():\n    return Dense(3, input_dim=2)\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"train.py": "import net\nif __name__ == '__main__':\n    net.build()\n", "net.py": MODEL}, ["train.py"]),
        ({"train.py": MODEL + "model = build()\n"}, ["train.py"]),
        ({"net.py": MODEL + "LAYER = build()\n", "train.py": "from net import LAYER\nLAYER.get_config()\n"}, ["train.py"]),
        ({"net.py": MODEL}, []),
        ({"plain.py": "print('no keras')\n"}, []),
        ({"tests/test_net.py": MODEL + "build()\n", "setup.py": "import keras\nkeras.x()\n"}, []),
        ({"old.py": MODEL + "model = build()\nprint model\n"}, ["old.py"]),
        ({"bad.py": "from keras import (\n", "deep/run.py": MODEL + "build()\n"}, ["deep/run.py"]),
    ],
)
def test_scripts(files: dict[str, str], expected: list[str], tmp_path: Path) -> None:
    for name, text in files.items():
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    found = scripts(tuple(run([tmp_path], Settings())), tmp_path.resolve())
    assert [str(path) for path in found] == expected
