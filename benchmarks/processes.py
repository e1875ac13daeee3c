"""`python -m benchmarks.processes`: what do two processes gain on a large project, and how much memory does each take?

Other programs of the machine must not count, so the gain is worked out from CPU time, for a machine of two processors:
reading comes first, then the giving process and the workers share the processors, and the busiest worker ends last.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.tree import write_tree
from kmigrate.collector import collector_off
from kmigrate.config import Settings
from kmigrate.execution.executors import processes
from kmigrate.execution.shares import shares
from kmigrate.execution.tasks import Task, perform
from kmigrate.reading import read
from kmigrate.runner import check
from kmigrate.source.discovery import discover

PARSER = argparse.ArgumentParser(prog="python -m benchmarks.processes", description="Gain and memory of processes.")
PARSER.add_argument("--files", metavar="N", type=int, default=5000, help="files of the project (5000)")
PARSER.add_argument("--keras", metavar="N", type=int, default=1000, help="files of it that mention Keras (1000)")
PARSER.add_argument("--jobs", metavar="N", type=int, help="measure one number of processes, in a folder that is there")
PARSER.add_argument("--folder", metavar="DIR", type=Path, help="the folder for --jobs")
SETTINGS = Settings(unsafe=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; each line is measured in a process of its own."""
    options = PARSER.parse_args(arguments)
    if options.jobs is not None:
        print(*_measured(options.folder, options.jobs))
        return 0
    with tempfile.TemporaryDirectory() as name:
        write_tree(Path(name), options.files, options.keras)
        one, two = _run(name, 1), _run(name, 2)
    print(f"{options.files} files, {options.keras} of them mention Keras")
    print(f"{'processes':>9}{'read s':>9}{'give s':>9}{'work s':>9}{'busiest s':>11}{'tasks':>7}{'peak MB of a process':>22}")
    for jobs, (reading, giving, work, busiest, tasks, peak) in ((1, one), (2, two)):
        print(f"{jobs:>9}{reading:>9.2f}{giving:>9.2f}{work:>9.2f}{busiest:>11.2f}{tasks:>7.0f}{peak:>22.0f}")
    alone = one[0] + one[2]
    print(f"work of two processes over that of one: {(sum(two[:3])) / alone:.2f}; busiest worker over the mean: "
          f"{two[3] / (two[2] / 2):.2f}; gain: {alone / (two[0] + max(two[3], (two[1] + two[2]) / 2)):.2f}")  # fmt: skip
    return 0


def _run(folder: str, jobs: int) -> list[float]:
    command = [sys.executable, "-m", "benchmarks.processes", "--jobs", str(jobs), "--folder", folder]
    return [float(part) for part in subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()]


def _measured(folder: Path, jobs: int) -> tuple[float, ...]:
    """CPU seconds of reading, of giving tasks and taking results, of all work, of the busiest worker; tasks; peak MB."""
    check(SETTINGS)
    start = time.process_time()
    files = read(discover([folder]), [folder])
    reading = time.process_time() - start
    parts = sorted(shares(files, SETTINGS, jobs), key=lambda part: -part.size)
    work: Counter[int] = Counter()
    peaks: dict[int, float] = {}
    before = time.process_time()
    if jobs == 1:
        done = [_timed(part.task) for part in parts]
    else:
        with collector_off(), processes(jobs) as executor:
            futures = [executor.submit(_timed, part.task) for part in parts]
            done = [future.result() for future in futures]
    giving = time.process_time() - before
    for worker, seconds, peak, _ in done:
        work[worker] += seconds
        peaks[worker] = peak
    if jobs == 1:
        giving -= sum(work.values())
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return reading, giving, sum(work.values()), max(work.values()), len(parts), max(own, *peaks.values())


def _timed(task: Task) -> tuple[int, float, float, object]:
    start = time.process_time()
    results = perform(task)
    seconds = time.process_time() - start
    return os.getpid(), seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, results


if __name__ == "__main__":
    sys.exit(main())
