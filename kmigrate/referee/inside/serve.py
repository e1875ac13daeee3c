# ruff: noqa: UP006, UP031, UP035, UP045, B905, PTH100, PTH109, PTH118, PTH119, PTH120, PTH123, SIM105, SIM115, RUF100
"""How does one request become its answers? Its programs run in a fork of the worker, which has Keras imported already.

One JSON object a line. The first answer says which Keras is there; then each request `{"programs": [...]}` gets its
`{"answers": [...]}`. Whatever Keras or a program print goes to the error stream. A fork keeps requests from each other's
sessions, names and settings; the programs of one request share it, one after the other, for the start of a TensorFlow
costs more than a small program. A program that hangs or dies takes its fork along: its answer says so, and is the last.
Where there is no fork the worker ends after a request.
"""

import json
import os
import select
import signal
import sys
import time
import traceback
from typing import Any, Dict, Iterator, List, Tuple

from .program import run_programs
from .script import run_script

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
        found = _forked(request) if hasattr(os, "fork") else list(_answers(request["programs"]))
        _say(answers, {"answers": found})
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


def _forked(request: Dict[str, Any]) -> List[Answer]:
    """The answers of a fork; a timeout or a crash is an answer too, and ends them."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.close(reading)
        _child(request, writing)
    os.close(writing)
    running.append(child)
    answers, in_time = _read(reading, child, request["programs"])
    os.close(reading)
    _, status = os.waitpid(child, 0)
    running.remove(child)
    if len(answers) < len(request["programs"]):
        answers.append(_crash(status) if in_time else {"outcome": "timeout"})
    return answers


def _child(request: Dict[str, Any], writing: int) -> None:
    """Run the programs and write an answer a line; never returns."""
    code = 1
    try:
        os.setpgid(0, 0)
        sys.stdin = open(os.devnull)
        programs = request["programs"]
        _limit(sum(int(program["seconds"]) for program in programs), max(program["megabytes"] for program in programs))
        for answer in _answers(programs):
            text = json.dumps(answer).encode("ascii") + b"\n"
            while text:
                text = text[os.write(writing, text) :]
        code = 0
    except BaseException as problem:
        traceback.print_exc()
        os.write(writing, json.dumps(_fault(problem)).encode("ascii") + b"\n")
    finally:
        os._exit(code)


def _fault(problem: BaseException) -> Answer:
    """A fault of ours: it is told, not taken for the program's."""
    place = traceback.extract_tb(problem.__traceback__)[-1]
    where = "%s:%s" % (os.path.basename(place.filename), place.lineno)
    message = "%s: %s (in %s of kmigrate; please report it)" % (type(problem).__name__, problem, where)
    return {"outcome": "crashed", "error": {"type": "Crash", "message": message[:500], "line": None}}


def _answers(programs: List[Dict[str, Any]]) -> Iterator[Answer]:
    """What comes of the programs; a script of a user comes alone."""
    if "script" in programs[0]:
        yield run_script(programs[0])
    else:
        yield from run_programs(programs)


def _limit(seconds: int, megabytes: int) -> None:
    """The last resort, should the worker itself be gone."""
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (2 * seconds + 60, 2 * seconds + 60))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))


def _read(pipe: int, child: int, programs: List[Dict[str, Any]]) -> Tuple[List[Answer], bool]:
    """All answers that the child writes, and whether each came in its time; the child and what it started are dead."""
    answers: List[Answer] = []
    rest = b""
    while True:
        seconds = programs[min(len(answers), len(programs) - 1)]["seconds"]
        deadline = time.time() + seconds
        while b"\n" not in rest:
            ready, _, _ = select.select([pipe], [], [], max(0.0, deadline - time.time()))
            chunk = os.read(pipe, 1 << 16) if ready else b""
            if not chunk:
                _kill(child)
                return answers, bool(ready)
            rest += chunk
        line, _, rest = rest.partition(b"\n")
        answers.append(dict(json.loads(line.decode("ascii")), seconds=round(time.time() - deadline + seconds, 3)))


def _kill(child: int) -> None:
    for kill in (os.killpg, os.kill):
        try:
            kill(child, signal.SIGKILL)
        except OSError:  # it has ended, or has no group yet
            pass


def _crash(status: int) -> Answer:
    reason = "killed by signal %d" % os.WTERMSIG(status) if os.WIFSIGNALED(status) else "ended without an answer"
    return {"outcome": "crashed", "error": {"type": "Crash", "message": reason, "line": None}}
