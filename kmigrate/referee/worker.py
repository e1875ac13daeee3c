"""How does one speak with a Keras of another Python? A long-lived process, one JSON object a line in and out."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from kmigrate.keras.signatures import VERSIONS
from kmigrate.referee.environments import MissingKeras, interpreter
from kmigrate.referee.outcome import Program

INSIDE = Path(__file__).with_name("inside")
START_SECONDS = 120.0
GRACE_SECONDS = 20.0
"""The worker itself kills a program that takes too long; a worker that doesn't is killed so much later."""
LEAVE_SECONDS = 2.0

_ENVIRONMENT = {
    "KERAS_BACKEND": "tensorflow",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "agg",
    "PYTHONHASHSEED": "0",
    "TF_USE_LEGACY_KERAS": "",
}


Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Job:
    """A program, the file of weights that it gets, and the one that it leaves."""

    program: Program
    weights_in: Path | None = None
    weights_out: Path | None = None

    def request(self) -> dict[str, Any]:
        """What the worker is asked."""
        program = self.program
        return {
            "program": program.text, "seed": program.seed, "carry": program.carry, "shared": program.shared,
            "seconds": program.seconds, "megabytes": program.megabytes,
            "weights_in": str(self.weights_in) if self.weights_in else None,
            "weights_out": str(self.weights_out) if self.weights_out else None,
        }  # fmt: skip


class Worker:
    """A process that runs programs on one Keras. It is replaced when it dies or hangs.

    Use it as a context manager: at the end no process of it is left.
    """

    def __init__(self, version: str, folder: Path | None = None) -> None:
        self.version = version
        self.python = interpreter(version, folder)
        self.keras = version
        """Which Keras it has; known when it has started."""
        self._home: tempfile.TemporaryDirectory[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._forks = True
        self._rest = b""

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def run(self, program: Program, weights_in: Path | None = None, weights_out: Path | None = None) -> Answer:
        """The answer for a program; a worker that died or hung gives an answer of that kind."""
        return self.run_all([Job(program, weights_in, weights_out)])[0]

    def run_all(self, jobs: Sequence[Job]) -> list[Answer]:
        """The answers for programs that run in one process; those after one that died or hung have none."""
        return self.ask([job.request() for job in jobs])

    def ask(self, requests: Sequence[dict[str, Any]]) -> list[Answer]:
        """The answers for requests as `inside/` describes them: programs, or one script."""
        if self._process is None or self._process.poll() is not None:
            self.start()
        try:
            self._send({"programs": list(requests)})
            answers: list[Answer] = self._receive(sum(item["seconds"] for item in requests) + GRACE_SECONDS)["answers"]
        except TimeoutError:
            self.close()
            return [{"outcome": "timeout"}]
        except (EOFError, OSError) as error:
            self.close()
            problem = {"type": "Crash", "message": f"the worker died: {error}", "line": None}
            return [{"outcome": "crashed", "error": problem}]
        if not self._forks:
            self.close()
        return answers

    def close(self) -> None:
        """End the process and whatever it started."""
        process, self._process = self._process, None
        if process is not None:
            process.terminate()  # it takes the program at work with it
            try:
                process.wait(LEAVE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    stream.close()
        if self._home is not None:
            self._home.cleanup()
            self._home = None

    def start(self) -> None:
        """Start the process, and see which Keras it has; MissingKeras if it has none, or another one."""
        self.close()
        self._rest = b""
        self._home = tempfile.TemporaryDirectory(prefix="kmigrate-home-")  # for ~/.keras/keras.json, and what programs leave
        home = {"HOME": self._home.name, "KERAS_HOME": str(Path(self._home.name, ".keras")), "TMPDIR": self._home.name}
        self._process = subprocess.Popen(
            [str(self.python), "-I", "-B", "-W", "ignore", str(INSIDE / "__main__.py"), self.version],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=os.environ | _ENVIRONMENT | home, cwd=self._home.name, start_new_session=True,
        )  # fmt: skip
        try:
            hello = self._receive(START_SECONDS)
        except (TimeoutError, EOFError, ValueError) as error:
            self.close()
            raise MissingKeras(
                f"the environment {self.version} does not work: `import keras` fails in {self.python}",
                hint="run it by hand to see why, and make the environment again",
            ) from error
        self.keras = hello["keras"]
        if self.version in VERSIONS and self.keras != self.version:
            self.close()
            raise MissingKeras(f"{self.python} holds Keras {self.keras}, not {self.version}")
        self._forks = hello["forks"]

    def _send(self, request: dict[str, Any]) -> None:
        assert self._process is not None and self._process.stdin is not None
        self._process.stdin.write(json.dumps(request).encode("ascii") + b"\n")
        self._process.stdin.flush()

    def _receive(self, seconds: float) -> dict[str, Any]:
        """The next answer; TimeoutError or EOFError if there is none."""
        from time import monotonic

        assert self._process is not None and self._process.stdout is not None
        deadline = monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            chunks = [self._rest]
            while b"\n" not in chunks[-1]:
                if not selector.select(max(0.0, deadline - monotonic())):
                    raise TimeoutError
                chunk = os.read(self._process.stdout.fileno(), 1 << 16)
                if not chunk:
                    raise EOFError(f"exit status {self._process.poll()}")
                chunks.append(chunk)
        line, _, self._rest = b"".join(chunks).partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        return answer
