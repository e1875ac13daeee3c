"""Do workers survive what programs do to them, and leave nothing behind?"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kmigrate.referee.environments import MissingKeras, interpreter
from kmigrate.referee.outcome import Failed, Program, Ran, Stopped, from_answer
from kmigrate.referee.worker import Worker

VERSION = "1.2.2"
MODEL = "import keras.layers\nmodel = keras.models.Sequential([keras.layers.Dense(2, input_dim=3)])\nx = R(2, 3)"


def test_a_missing_environment_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingKeras, match=r"no environment with Keras 2\.2\.4.*make environments"):
        interpreter("2.2.4", tmp_path)


def test_an_environment_without_keras_is_named(tmp_path: Path) -> None:
    python = tmp_path / "keras-2.2.4" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)
    with Worker("2.2.4", tmp_path) as worker, pytest.raises(MissingKeras, match="`import keras` fails"):
        worker.run(Program("pass"))


@pytest.mark.keras
def test_what_programs_end_with(needs: Callable[..., None]) -> None:
    needs(VERSION)
    with Worker(VERSION) as worker:
        ran = from_answer(worker.run(Program(MODEL)), 9.0)
        assert isinstance(ran, Ran)
        assert ran.model is not None
        assert (ran.model["outputs"], ran.model["parameters"], ran.model["shapes"]) == ([None, 2], 8, [[[3, 2], [2]]])
        failed = from_answer(worker.run(Program("x = 1\nnone\n")), 9.0)
        assert isinstance(failed, Failed)
        assert (str(failed.problem), failed.problem.line) == ("NameError: name 'none' is not defined", 2)
        assert isinstance(from_answer(worker.run(Program("import time; time.sleep(9)", seconds=0.5)), 0.5), Stopped)
        killed = from_answer(worker.run(Program("import os; os.kill(os.getpid(), 9)")), 9.0)
        assert isinstance(killed, Failed)
        assert killed.problem.message == "killed by signal 9"
        greedy = from_answer(worker.run(Program("x = bytearray(1 << 34)")), 9.0)
        assert isinstance(greedy, Failed)
        assert greedy.problem.kind == "MemoryError"
        noisy = from_answer(worker.run(Program("import os; os.system('echo {}'); print(1); report(a=1)")), 9.0)
        assert isinstance(noisy, Ran)
        assert noisy.reports == {"a": 1}


@pytest.mark.keras
def test_a_killed_worker_is_replaced(needs: Callable[..., None]) -> None:
    needs(VERSION)
    with Worker(VERSION) as worker:
        crashed = worker.run(Program("import os; os.kill(os.getppid(), 9)"))
        assert crashed["outcome"] == "crashed"
        assert worker.run(Program("report(a=1)"))["reports"] == {"a": 1}


@pytest.mark.keras
def test_nothing_is_left(needs: Callable[..., None], tmp_path: Path) -> None:
    needs(VERSION)
    noted = tmp_path / "pid"
    with Worker(VERSION) as worker:
        worker.run(Program(f"import os; open({str(noted)!r}, 'w').write('%d %d' % (os.getpid(), os.getppid()))"))
    for pid in noted.read_text().split():
        assert gone(int(pid))


@pytest.mark.keras
def test_no_file_is_left(needs: Callable[..., None], tmp_path: Path) -> None:
    needs(VERSION)
    noted = tmp_path / "places"
    leave = f"import os, tempfile; open({str(noted)!r}, 'a').write('%s %s ' % (os.getcwd(), tempfile.mkstemp()[1]))"
    with Worker(VERSION) as worker:
        worker.run(Program(leave))
        worker.run(Program(f"{leave}; os.kill(os.getpid(), 9)"))
        left = [Path(place) for place in noted.read_text().split()]
        assert len(left) == 4
        assert all(map(Path.exists, left[1:]))  # the folder of the one that lives to its end is gone already
    assert not any(map(Path.exists, left))


def gone(pid: int) -> bool:
    for _ in range(50):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    os.kill(pid, signal.SIGKILL)
    return False
