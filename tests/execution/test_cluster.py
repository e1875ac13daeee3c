"""A real Dask cluster, scheduler and workers in processes of their own: nothing is lost or done twice when a worker dies."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import kmigrate
from kmigrate.errors import InvalidSetting, WorkersLost
from kmigrate.execution.pool import opened
from kmigrate.execution.tasks import Task, perform

pytest.importorskip("distributed", reason="the extra kmigrate[dask] is not installed")


@dataclass(frozen=True)
class Cluster:
    """A scheduler and its workers."""

    address: str
    scheduler: "subprocess.Popen[str]"
    workers: list["subprocess.Popen[str]"]


def _environment() -> dict[str, str]:
    path = str(Path(kmigrate.__file__).parent.parent)
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [path, os.environ.get("PYTHONPATH")]))}


def _dask(*arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]]
    return subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=_environment())


def _scheduler() -> tuple["subprocess.Popen[str]", str]:
    """A scheduler and its address."""
    scheduler = _dask("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    assert scheduler.stderr is not None
    return scheduler, next(
        found.group() for line in scheduler.stderr if (found := re.search(r"tcp://127\.0\.0\.1:\d+", line))
    )


def _end(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.wait()
    if process.stderr is not None:
        process.stderr.close()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """Two workers on this machine."""
    scheduler, address = _scheduler()
    started = [scheduler]
    try:
        for number in range(2):
            folder = str(tmp_path / f"worker{number}")
            options = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", folder]
            started.append(_dask("dask_worker", address, "--host", "127.0.0.1", *options))
        yield Cluster(address, scheduler, started[1:])
    finally:
        for process in reversed(started):
            _end(process)


def test_a_cluster_gives_the_results_of_one_process(cluster: Cluster, tasks: list[Task]) -> None:
    with opened(None, cluster.address) as pool:
        pending = [pool.submit(task) for task in tasks]
        results = [result for item in pending for result in pool.results(item)]
    assert results == [result for task in tasks for result in perform(task)]


def test_a_worker_that_is_killed_loses_nothing_and_nothing_is_done_twice(cluster: Cluster, tmp_path: Path) -> None:
    for number in range(30):
        folder = tmp_path / "repositories" / f"r{number:02}"
        folder.mkdir(parents=True)
        text = "from keras.layers import Dense\n\n" + f"layer = Dense(output_dim={number})\n" * 200
        (folder / "model.py").write_text(text)
    command = [sys.executable, "-W", "error", "-m", "kmigrate", "batch", "repositories", "--write"]
    command += ["--scheduler", cluster.address, "--format", "json"]
    environment = _environment() | {"XDG_STATE_HOME": str(tmp_path / "state")}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as batch:
        assert batch.stderr is not None and batch.stdout is not None
        first = next(line for line in batch.stderr if "has no workers yet" not in line)
        assert first.startswith("[1/30]"), first
        cluster.workers[0].send_signal(signal.SIGKILL)
        out, err = batch.communicate(timeout=300)
    assert batch.returncode == 0, err
    records = json.loads(out)["repositories"]
    assert [record["name"] for record in records] == [f"r{number:02}" for number in range(30)]
    assert all(record["ended"] == "changed" and record["files"][0]["uses"]["changed"] >= 200 for record in records)
    journal = list((tmp_path / "state/kmigrate/batch").glob("*/undo/*/run.json"))
    assert len(journal) == 30
    for number in range(30):
        assert f"Dense(units={number})" in (tmp_path / f"repositories/r{number:02}/model.py").read_text()


def test_a_cluster_without_workers_is_not_waited_for(
    cluster: Cluster, tasks: list[Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(WorkersLost, match="no workers any more"), opened(None, cluster.address) as pool:
        monkeypatch.setattr("kmigrate.execution.cluster.PATIENCE", 1)
        for worker in cluster.workers:
            worker.kill()
            worker.wait()
        pool.results(pool.submit(tasks[0]))


def test_a_lost_scheduler_is_an_error_in_words(
    cluster: Cluster, tasks: list[Task], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("kmigrate.execution.cluster.PATIENCE", 3)
    with pytest.raises(WorkersLost, match="scheduler is gone"), opened(None, cluster.address) as pool:
        cluster.scheduler.kill()
        cluster.scheduler.wait()
        pool.results(pool.submit(tasks[0]))
    assert not caplog.records


def test_no_cluster_is_an_error_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kmigrate.execution.cluster.PATIENCE", 1)
    started = time.monotonic()
    with pytest.raises(InvalidSetting, match="no Dask scheduler answers"), opened(None, "tcp://127.0.0.1:9"):
        pass
    assert time.monotonic() - started < 60


def test_it_is_said_what_a_cluster_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in (("SILENCE", 0.5), ("PATIENCE", 2)):
        monkeypatch.setattr(f"kmigrate.execution.cluster.{name}", seconds)
    said: list[str] = []
    scheduler, address = _scheduler()
    try:
        with pytest.raises(InvalidSetting, match=r"has no workers .*start `dask worker"), opened(None, address, said.append):
            pass
    finally:
        _end(scheduler)
    assert said == [f"{address} has no workers yet: waiting for one, 2 seconds at most (start `dask worker {address}`)"]
