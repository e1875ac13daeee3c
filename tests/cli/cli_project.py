"""What the tests of the command line work on, and how they run it."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import kmigrate

KERAS_1 = "from keras.layers import Dense\n\nlayer = Dense(output_dim=3)\n"
KERAS_2 = "from keras.layers import Dense\n\nlayer = Dense(units=3)\n"
BY_HAND = "from keras.layers import MaxoutDense\n\nlayer = MaxoutDense(3)\n"
BROKEN = "import keras\nprint(\n"
COMMAND = (sys.executable, "-W", "error", "-m", "kmigrate")


@dataclass(frozen=True)
class Done:
    """What a run left behind."""

    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return self.out.decode("utf-8")


Kmigrate = Callable[..., Done]


def environment(state: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a run: 80 columns, no wish for colours, a journal of its own."""
    kept = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR", "TERM")}
    places = [str(Path(kmigrate.__file__).parent.parent), *filter(None, [kept.get("PYTHONPATH")])]
    kept |= {"COLUMNS": "80", "XDG_STATE_HOME": str(state), "PYTHONPATH": os.pathsep.join(places)}
    return kept | dict(more or {})


def run_kmigrate(arguments: tuple[str | Path, ...], stdin: bytes, folder: Path, env: dict[str, str]) -> Done:
    """Run `python -m kmigrate` in the folder."""
    command = [*COMMAND, *map(str, arguments)]
    done = subprocess.run(command, input=stdin, capture_output=True, cwd=folder, env=env, timeout=120)
    return Done(done.returncode, done.stdout, done.stderr.decode("utf-8"))
