"""The processes of this machine that do the work, behind `concurrent.futures.Executor`."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import connection
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from typing import Any


def available() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Processes(ProcessPoolExecutor):
    """Processes that end although one was killed: if it held the lock of a queue, the others would wait for ever, and if it
    had sent the half of a result, the thread that reads the results would.
    """

    def look(self) -> None:
        """Where a worker died, end the others and the reading, so that all that is not done ends as broken."""
        workers = tuple((self._processes or {}).values())
        if any(worker.exitcode for worker in workers):
            _end(workers, self._result_queue)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers when their tasks are done; where one of them died, end the others at once."""
        workers = tuple((self._processes or {}).values())
        thread, results = self._executor_manager_thread, self._result_queue
        super().shutdown(wait=False, cancel_futures=cancel_futures)
        left = workers if wait else ()
        while left:
            connection.wait([worker.sentinel for worker in left], timeout=1)
            left = tuple(worker for worker in left if worker.is_alive())
            if any(worker.exitcode for worker in workers):
                _end(workers, results)
        if wait and thread is not None:
            thread.join()  # type: ignore[attr-defined]  # typeshed takes it for what wakes it up


def processes(jobs: int) -> Processes:
    """An executor of so many processes, which end when this one ends, however it ends."""
    return Processes(jobs, mp_context=_context(), initializer=_begin)


def _end(workers: Sequence[BaseProcess], results: SimpleQueue[Any] | None) -> None:
    """The queue of results ends where nobody is left who could write to it: the workers, and this process."""
    for worker in workers:
        worker.kill()
    if results is not None:
        results._writer.close()  # type: ignore[attr-defined]  # no name that typeshed knows


def _context() -> BaseContext:
    """A fork of a process without threads has all rules and tables loaded; elsewhere a new interpreter starts.

    The kernel is asked, for `threading` does not know the threads of C libraries and of `_thread`: a lock that one of
    them holds at the fork is never released in the child.
    """
    can_fork = sys.platform == "linux" and len(list(Path("/proc/self/task").iterdir())) == 1
    return multiprocessing.get_context("fork" if can_fork else "spawn")


def _begin() -> None:
    """Ctrl-C is for the process that gives the work; when that one is gone, so are we. What a fork was born with stays."""
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
