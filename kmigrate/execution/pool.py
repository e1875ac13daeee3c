"""How does each task get its results once, although workers die?

A pool of processes breaks as a whole when one process dies, and does not say which task killed it. The tasks that may
have been under way are then done one by one, each in a process of its own; one that kills again is halved until the file
is found: that file is failed, the others are not. A Dask cluster gives the tasks of a dead worker to another one itself,
and gives a task up that has killed several.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import TracebackType
from typing import TypeAlias

from kmigrate.errors import KmigrateError, WorkersLost
from kmigrate.execution.cluster import Cluster, cluster
from kmigrate.execution.executors import Processes, available, processes
from kmigrate.execution.tasks import Task, failed, perform
from kmigrate.results import FileResult

Workers: TypeAlias = Processes | Cluster
"""Who does the tasks."""


@dataclass(eq=False, slots=True)
class Pending:
    """A task that was handed in."""

    task: Task
    future: Future[tuple[FileResult, ...]]


class Pool:
    """Performs tasks by the executors that `make` gives: a new one when the last broke.

    workers: how many tasks an executor does at once.
    """

    def __init__(self, make: Callable[[], Workers], workers: int) -> None:
        self.workers = workers
        self._make = make
        self._executor = make()
        self._open: dict[Pending, None] = {}

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        self._executor.shutdown(cancel_futures=True)

    def submit(self, task: Task) -> Pending:
        """Hand a task in; they are begun in the order in which they come."""
        try:
            pending = Pending(task, self._executor.submit(perform, task))
        except BrokenExecutor:
            self._mend()
            pending = Pending(task, self._executor.submit(perform, task))
        self._open[pending] = None
        return pending

    def results(self, pending: Pending) -> tuple[FileResult, ...]:
        """The results of a task, when they are there.

        Raises WorkersLost when nobody is left to do it, and what an engine raises for wrong settings.
        """
        while True:
            try:
                done = _awaited(pending.future, self._executor)
                break
            except BrokenExecutor:
                self._mend()
            except CancelledError as error:
                raise WorkersLost("the scheduler is gone", hint="run again when it is back") from error
            except KmigrateError:
                raise
            except Exception:
                done = alone(pending.task)
                break
        self._open.pop(pending, None)
        return done

    def _mend(self) -> None:
        unfinished = [pending for pending in self._open if not _whole(pending.future)]
        self._executor.shutdown()
        suspects = unfinished[: self.workers + 1]
        finished: list[tuple[FileResult, ...]] = [alone(pending.task) for pending in suspects]
        for pending, done in zip(suspects, finished, strict=True):
            pending.future = Future()
            pending.future.set_result(done)
        self._executor = self._make()
        for pending in unfinished[len(suspects) :]:
            pending.future = self._executor.submit(perform, pending.task)


@contextmanager
def opened(jobs: int | None, scheduler: str | None, tell: Callable[[str], None] = lambda text: None) -> Iterator[Pool]:
    """A pool of so many processes (None: one per processor), or over the Dask cluster at an address.

    `tell` is called with what is waited for. Raises InvalidSetting when there is no such cluster.
    """
    if scheduler is not None:
        with cluster(scheduler, tell) as workers, Pool(lambda: workers, workers.workers) as pool:
            yield pool
        return
    number = jobs or available()
    with Pool(lambda: processes(number), number) as pool:
        yield pool


def alone(task: Task) -> tuple[FileResult, ...]:
    """The results of a task that may kill the process that does it: the files at which one dies are failed."""
    try:
        with processes(1) as executor:
            return _awaited(executor.submit(perform, task), executor)
    except BrokenExecutor:
        if len(task.files) == 1:
            shown, source = task.files[0]
            return (failed(source, shown, "the process that looked at this file died"),)
    half = len(task.files) // 2
    return (*alone(replace(task, files=task.files[:half])), *alone(replace(task, files=task.files[half:])))


LOOK = 1.0
"""Seconds after which the workers are looked at while a result is waited for."""


def _awaited(future: Future[tuple[FileResult, ...]], executor: Workers) -> tuple[FileResult, ...]:
    while not future.done():
        wait([future], timeout=LOOK)
        if not future.done():
            executor.look()
    return future.result()


def _whole(future: Future[tuple[FileResult, ...]]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None
