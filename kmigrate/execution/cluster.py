"""A Dask cluster that does the work, behind `concurrent.futures.Executor`."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import kmigrate
from kmigrate.errors import InvalidSetting, WorkersLost

if TYPE_CHECKING:
    from distributed import Client

PATIENCE = 30
"""Seconds in which a scheduler has to answer and to have a worker."""

SILENCE = 2
"""Seconds without a worker after which the user hears what is waited for."""


class Cluster(Executor):
    """The workers of a cluster."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._executor = client.get_executor(pure=False)
        self._alone_since: float | None = None

    @property
    def workers(self) -> int:
        """How many tasks they do at once."""
        return sum(self._client.nthreads().values())

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Let a worker call the function."""
        future: Future[Any] = self._executor.submit(fn, *args, **kwargs)
        return future

    def look(self) -> None:
        """Raises WorkersLost where there was no worker for some time; what a lost scheduler had to do is cancelled by itself."""
        try:
            present = self.workers > 0
        except OSError:
            return
        now = time.monotonic()
        if present:
            self._alone_since = None
        elif self._alone_since is None:
            self._alone_since = now
        elif now - self._alone_since > PATIENCE:
            raise WorkersLost("the cluster has no workers any more", hint="start `dask worker` there and run again")

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more work."""
        self._executor.shutdown(wait=wait and not cancel_futures)


@contextmanager
def cluster(address: str, tell: Callable[[str], None]) -> Iterator[Cluster]:
    """An executor over the workers of a Dask cluster; `tell` is called with what is waited for.

    The workers must see the same folders as this machine. Raises InvalidSetting when there is no such cluster, or when
    a worker has another version of kmigrate.
    """
    with _connected(address, tell) as client:
        yield Cluster(client)


@contextmanager
def _connected(address: str, tell: Callable[[str], None]) -> Iterator[Client]:
    try:
        from distributed import Client
    except ImportError as error:
        raise InvalidSetting("--scheduler needs Dask", hint="pip install 'kmigrate[dask]'") from error
    for name in ("distributed", "distributed.client"):  # they log tracebacks of what is an error in words here
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InvalidSetting(f"--scheduler: no Dask scheduler answers at {address}", hint=str(error)) from error
    with client:
        _wait_for_workers(client, address, tell)
        for worker, version in client.run(_version).items():
            if version != kmigrate.__version__:
                reason = f"--scheduler: {worker} has kmigrate {version}, this is {kmigrate.__version__}"
                raise InvalidSetting(reason, hint="install the same version everywhere")
        yield client


def _wait_for_workers(client: Client, address: str, tell: Callable[[str], None]) -> None:
    start = f"start `dask worker {address}`"
    try:
        client.wait_for_workers(1, timeout=SILENCE)
        return
    except TimeoutError:
        tell(f"{address} has no workers yet: waiting for one, {PATIENCE} seconds at most ({start})")
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError as error:
        raise InvalidSetting(f"--scheduler: {address} has no workers", hint=start) from error


def _version() -> str:
    return kmigrate.__version__
