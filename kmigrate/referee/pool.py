"""How do many programs run on many Kerases with few processes? Workers are reused, and never more than `jobs` live."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import TypeVar

from kmigrate.referee.outcome import Outcome, Program, Ran, from_answer
from kmigrate.referee.store import Store
from kmigrate.referee.worker import Job, Worker

Item = TypeVar("Item")
Result = TypeVar("Result")


class PoolClosed(Exception):
    """The pool was closed while there was work left."""


class Pool:
    """Runs programs, from the store where they ran before. At most `jobs` Keras processes live at a time."""

    def __init__(self, jobs: int = 2, store: Store | None = None, folder: Path | None = None) -> None:
        self.jobs = jobs
        self.store = store or Store()
        self.folder = folder
        self.runs = 0
        self._idle: list[Worker] = []
        self._busy: list[Worker] = []
        self._closed = False
        self._lock = Lock()

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all processes."""
        with self._lock:
            self._closed = True
            for worker in [*self._idle, *self._busy]:
                worker.close()
            self._idle.clear()

    def outcome(self, version: str, program: Program, keras1: Ran | None = None) -> Outcome:
        """What comes of a program on a version; `keras1` is the run whose weights it gets."""
        key, job = self._job(version, program, keras1)
        answer = self.store.answer(key)
        if answer is None:
            worker = self._take(version)
            try:
                (answer,) = worker.run_all([job])
            finally:
                self._give(worker)
            self.runs += 1
            self.store.keep(key, answer)
        return from_answer(answer, program.seconds, job.weights_out)

    def prepare(self, version: str, work: Sequence[tuple[Program, Ran | None]], size: int = 40) -> None:
        """Run shared programs, `size` in a process, so that `outcome` finds them in the store.

        A program whose process died or took too long, or that failed there, is left: `outcome` runs it alone.
        """
        jobs = [(self._job(version, program, keras1)) for program, keras1 in work]
        left = [(key, job) for key, job in dict(jobs).items() if self.store.answer(key) is None]
        batches = [left[start : start + size] for start in range(0, len(left), size)]
        for _ in self.each(lambda batch: self._run_batch(version, batch), batches):
            pass

    def _run_batch(self, version: str, batch: Sequence[tuple[str, Job]]) -> None:
        left = list(batch)
        while left:
            worker = self._take(version)
            try:
                answers = worker.run_all([job for _, job in left])
            finally:
                self._give(worker)
            self.runs += len(answers)
            for (key, _), answer in zip(left, answers, strict=False):
                if answer["outcome"] == "ok":
                    self.store.keep(key, answer)
            left = left[len(answers) :]

    def each(self, work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """`work` for all items, in their order, `jobs` at a time."""
        threads = ThreadPoolExecutor(self.jobs)
        try:
            yield from threads.map(work, items)
        except BaseException:
            self.close()
            threads.shutdown(cancel_futures=True)
            raise
        threads.shutdown()

    def _job(self, version: str, program: Program, keras1: Ran | None) -> tuple[str, Job]:
        """The key of a run, and the run."""
        weights_in = keras1.weights if keras1 is not None else None
        key = self.store.key(version, program, weights_in)
        return key, Job(program, weights_in, self.store.weights(key) if keras1 is None else None)

    def _take(self, version: str) -> Worker:
        """An idle worker of the version; the idle ones of others end to make room."""
        with self._lock:
            if self._closed:
                raise PoolClosed
            found = next((worker for worker in self._idle if worker.version == version), None)
            if found is not None:
                self._idle.remove(found)
            while found is None and self._idle:
                self._idle.pop().close()
            worker = found or Worker(version, self.folder)
            self._busy.append(worker)
            return worker

    def _give(self, worker: Worker) -> None:
        with self._lock:
            self._busy.remove(worker)
            if self._closed:
                worker.close()
            else:
                self._idle.append(worker)
