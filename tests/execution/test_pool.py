"""The pool: every task has its results once, whatever becomes of the workers."""

import multiprocessing
import os
import signal
import struct
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

import kmigrate
from kmigrate.config import Settings
from kmigrate.errors import UnknownRule
from kmigrate.execution.executors import processes
from kmigrate.execution.pool import Pool
from kmigrate.execution.tasks import Task, perform
from kmigrate.results import FileResult, Outcome
from kmigrate.source.text import Source

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes in /proc")


def die() -> None:
    """What a bug of the interpreter does."""
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class Deadly(Source):
    """Kills the process that it is sent to."""

    def __reduce__(self) -> tuple[object, ...]:
        return die, ()


def die_while_sending() -> None:
    """What happens to a worker that is killed at a bad moment: the half of a message, and a lock that nobody releases."""
    frame = sys._getframe()
    while "result_queue" not in frame.f_locals and frame.f_back is not None:
        frame = frame.f_back
    queue = frame.f_locals["result_queue"]
    queue._wlock.acquire()
    os.write(queue._writer.fileno(), struct.pack("!i", 1000) + b"half")
    die()


@dataclass(frozen=True)
class DeadlyWhileSending(Source):
    """Kills the process that it is sent to in the middle of a result."""

    def __reduce__(self) -> tuple[object, ...]:
        return die_while_sending, ()


def pool(workers: int = 2) -> Pool:
    return Pool(lambda: processes(workers), workers)


def performed(tasks: list[Task], workers: int = 2) -> list[FileResult]:
    with pool(workers) as working:
        pending = [working.submit(task) for task in tasks]
        return [result for item in pending for result in working.results(item)]


def test_the_results_are_those_of_one_process(tasks: list[Task]) -> None:
    assert performed(tasks) == [result for task in tasks for result in perform(task)]


@pytest.mark.parametrize("moment", [0.0, 0.3, 1.0])
def test_a_killed_worker_loses_nothing(tasks: list[Task], moment: float) -> None:
    with pool() as working:
        pending = [working.submit(task) for task in tasks]
        time.sleep(moment)
        victim = multiprocessing.active_children()[0].pid
        assert victim is not None
        os.kill(victim, signal.SIGKILL)
        results = [result for item in pending for result in working.results(item)]
    assert [result.path for result in results] == [shown for task in tasks for shown, _ in task.files]
    assert all(result.outcome is Outcome.CHANGED for result in results)


def test_a_worker_that_is_killed_while_it_waits_for_work_keeps_nobody_waiting(tasks: list[Task]) -> None:
    """It holds the lock of the queue then."""
    for _ in range(3):
        with pool() as working:
            assert working.results(working.submit(tasks[0]))
            time.sleep(0.2)
            for victim in multiprocessing.active_children()[:1]:
                os.kill(victim.pid or 0, signal.SIGKILL)


@pytest.mark.parametrize("deadly", [Deadly, DeadlyWhileSending])
@pytest.mark.parametrize("workers", [1, 2])
def test_a_file_that_kills_every_process_is_the_only_one_that_fails(
    tasks: list[Task], workers: int, deadly: type[Source]
) -> None:
    name, source = tasks[3].files[1]
    tasks[3] = replace(tasks[3], files=(tasks[3].files[0], (name, deadly(source.path, source.text))))
    results = performed(tasks, workers)
    assert [result.path for result in results if result.outcome is not Outcome.CHANGED] == ["3b.py"]
    assert len(results) == 16
    failure = next(result.failure for result in results if result.path == "3b.py")
    assert failure is not None and failure.reason == "the process that looked at this file died"


def test_an_interruption_ends_the_pool_although_a_worker_died_while_it_sent_a_result(tasks: list[Task]) -> None:
    name, source = tasks[0].files[0]
    with pytest.raises(KeyboardInterrupt), pool() as working:
        working.submit(replace(tasks[0], files=((name, DeadlyWhileSending(source.path, source.text)),)))
        for task in tasks[1:]:
            working.submit(task)
        time.sleep(1)
        raise KeyboardInterrupt
    assert not multiprocessing.active_children()


def test_wrong_settings_are_an_error_and_no_failed_file(tasks: list[Task]) -> None:
    with pytest.raises(UnknownRule):
        performed([replace(tasks[0], settings=Settings(select=("NOPE999",)))])


def test_the_workers_end_when_the_run_is_killed(tmp_path: Path) -> None:
    code = """
import multiprocessing, sys, time
from kmigrate.execution.executors import processes
if __name__ == "__main__":
    executor = processes(2)
    for _ in range(4):
        executor.submit(time.sleep, 60)
    time.sleep(1)
    print(*(child.pid for child in multiprocessing.active_children()), flush=True)
    time.sleep(60)
"""
    (tmp_path / "main.py").write_text(code)
    path = str(Path(kmigrate.__file__).parent.parent)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([path, os.environ.get("PYTHONPATH", "")])}
    with subprocess.Popen(
        [sys.executable, str(tmp_path / "main.py")], stdout=subprocess.PIPE, text=True, env=environment
    ) as parent:
        assert parent.stdout is not None
        children = [int(pid) for pid in parent.stdout.readline().split()]
        assert len(children) == 2 and all(map(_alive, children))
        parent.kill()
    end = time.monotonic() + 30
    while any(map(_alive, children)) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(map(_alive, children))


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
