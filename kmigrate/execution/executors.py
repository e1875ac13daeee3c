"""Who does the work: processes of this machine, or a Dask cluster, both behind `concurrent.futures.Executor`."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import connection
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from typing import TYPE_CHECKING, Any

import kmigrate
from kmigrate.errors import InvalidSetting

if TYPE_CHECKING:
    from distributed import Client

PATIENCE = 30
"""Seconds in which a scheduler has to answer and to have a worker."""


def available() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Processes(ProcessPoolExecutor):
    """Processes that end although one was killed: if it held the lock of a queue, the others would wait for ever, and if it
    had sent the half of a result, the thread that reads the results would.
    """

    def end_broken(self) -> None:
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


@contextmanager
def cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """An executor over the workers of a Dask cluster, and how many tasks they do at once.

    The workers must see the same folders as this machine. Raises InvalidSetting when there is no such cluster, or when
    a worker has another version of kmigrate.
    """
    with _connected(address) as client:
        yield client.get_executor(pure=False), sum(client.nthreads().values())


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


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    try:
        from distributed import Client
    except ImportError as error:
        raise InvalidSetting("--scheduler needs Dask", hint="pip install 'kmigrate[dask]'") from error
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InvalidSetting(f"--scheduler: no Dask scheduler answers at {address}", hint=str(error)) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError as error:
            raise InvalidSetting(f"--scheduler: {address} has no workers", hint="start `dask worker` there") from error
        for worker, version in client.run(_version).items():
            if version != kmigrate.__version__:
                reason = f"--scheduler: {worker} has kmigrate {version}, this is {kmigrate.__version__}"
                raise InvalidSetting(reason, hint="install the same version everywhere")
        yield client


def _version() -> str:
    return kmigrate.__version__
