# ruff: noqa: UP006, UP031, UP035, UP045, B905, PTH100, PTH109, PTH118, PTH120, PTH123, SIM105, SIM115, RUF100
"""How does one request become one answer? Each program runs in a fork of the worker, which has Keras imported already.

One JSON object a line. The first answer says which Keras is there; then each request gets its answer. Whatever Keras or
a program print goes to the error stream. A fork keeps programs from each other's sessions, names and settings, and a
program that hangs or eats memory costs no more than its fork. Where there is no fork the worker ends after a program.
"""

import json
import os
import select
import signal
import sys
import time
import traceback
from typing import Any, Dict, List, Optional

from .program import run_program

Answer = Dict[str, Any]

running: List[int] = []
"""The fork at work, if any."""


def serve(wanted: str) -> None:
    """Answer requests until the input ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # prints of Keras, TensorFlow and of programs must not mix with the answers
    keras = _keras()
    signal.signal(signal.SIGTERM, _terminated)
    _say(answers, {"keras": keras.__version__, "wanted": wanted, "forks": hasattr(os, "fork")})
    for line in iter(sys.stdin.readline, ""):
        request = json.loads(line)
        _say(answers, _forked(request) if hasattr(os, "fork") else run_program(request))
        if not hasattr(os, "fork"):
            return


def _keras() -> Any:
    """Import Keras so that forks can work: TensorFlow must not start its threads here, but 2.0.9 lists the devices."""
    from tensorflow.python.client import device_lib

    listing, device_lib.list_local_devices = device_lib.list_local_devices, lambda *_: []
    import keras

    device_lib.list_local_devices = listing
    return keras


def _terminated(_number: int, _frame: Any) -> None:
    """Leave nothing behind."""
    for child in running:
        _kill(child)
    os._exit(0)


def _say(stream: Any, answer: Answer) -> None:
    stream.write(json.dumps(answer) + "\n")
    stream.flush()


def _forked(request: Dict[str, Any]) -> Answer:
    """The answer of a fork; a timeout or a crash is an answer too."""
    started = time.time()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.close(reading)
        _child(request, writing)
    os.close(writing)
    running.append(child)
    text = _read(reading, child, request["seconds"])
    os.close(reading)
    _, status = os.waitpid(child, 0)
    running.remove(child)
    answer: Answer = json.loads(text) if text else {"outcome": "timeout"} if text is None else _crash(status)
    answer["seconds"] = round(time.time() - started, 3)
    return answer


def _child(request: Dict[str, Any], writing: int) -> None:
    """Run the program and write the answer; never returns."""
    code = 1
    try:
        os.setpgid(0, 0)
        sys.stdin = open(os.devnull)
        _limit(int(request["seconds"]), request["megabytes"])
        text = json.dumps(run_program(request)).encode("ascii")
        while text:
            text = text[os.write(writing, text) :]
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _limit(seconds: int, megabytes: int) -> None:
    """The last resort, should the worker itself be gone."""
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (2 * seconds + 60, 2 * seconds + 60))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))


def _read(pipe: int, child: int, seconds: float) -> Optional[str]:
    """All that the child writes; None (and the child and what it started are dead) when its time is over."""
    chunks: List[bytes] = []
    deadline = time.time() + seconds
    while True:
        ready, _, _ = select.select([pipe], [], [], max(0.0, deadline - time.time()))
        if not ready:
            _kill(child)
            return None
        chunk = os.read(pipe, 1 << 16)
        if not chunk:
            _kill(child)
            return b"".join(chunks).decode("ascii")
        chunks.append(chunk)


def _kill(child: int) -> None:
    for kill in (os.killpg, os.kill):
        try:
            kill(child, signal.SIGKILL)
        except OSError:  # it has ended, or has no group yet
            pass


def _crash(status: int) -> Answer:
    reason = "killed by signal %d" % os.WTERMSIG(status) if os.WIFSIGNALED(status) else "ended without an answer"
    return {"outcome": "crashed", "error": {"type": "Crash", "message": reason, "line": None}}
