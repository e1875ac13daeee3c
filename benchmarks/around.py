"""`python -m benchmarks.around [FOLDER...]`: what does a run cost besides the engine: start, silent files, a second run?

CPU time; the median of some turns that alternate with those of the yardstick.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.corpus import SAMPLES
from benchmarks.measure import timed
from benchmarks.tree import write_tree
from kmigrate.cache.store import Store
from kmigrate.config import Settings
from kmigrate.exits import Exit
from kmigrate.reading import read
from kmigrate.runner import run
from kmigrate.source.discovery import discover

PARSER = argparse.ArgumentParser(prog="python -m benchmarks.around", description=(__doc__ or "").splitlines()[0])
PARSER.add_argument("folders", metavar="FOLDER", nargs="*", type=Path, help="projects; default: a made-up one of 600 files")
PARSER.add_argument("--rounds", metavar="N", type=int, default=7, help="turns of each (7)")
FILE = SAMPLES / "two_tower" / "model.py"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures."""
    options = PARSER.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        made = Path(name) / "made"
        made.mkdir()
        write_tree(made, 600, 120)
        folders = options.folders or [made]
        _starts(options.rounds)
        _silent(folders, options.rounds)
        _again(folders, Path(name) / "kept")
    return 0


def _starts(rounds: int) -> None:
    nothing, version, once = _medians(
        rounds,
        lambda: _child("-c", "pass"),
        lambda: _child("-m", "kmigrate", "--version"),
        lambda: _child("-m", "kmigrate", "diff", "--no-cache", str(FILE)),
    )
    print(f"python -c pass {nothing:.3f} s; kmigrate --version {version:.3f} s, x {version / nothing:.1f}")
    print(f"kmigrate diff of one small file {once:.3f} s, nothing kept of earlier runs")


def _silent(folders: Sequence[Path], rounds: int) -> None:
    """Files that can't speak of Keras, alone and among those that do: neither do they name it, nor import one that does."""
    found = discover(folders)
    silent = [item.found for item in read(found, folders) if item.source is None and item.failure is None]
    others = [item for item in found if item not in set(silent)]
    plain, alone, among, without = _medians(
        rounds,
        lambda: timed(lambda: [item.path.read_bytes() for item in silent]),
        lambda: timed(lambda: read(silent, folders)),
        lambda: timed(lambda: read(found, folders)),
        lambda: timed(lambda: read(others, folders)),
    )
    print(
        f"{len(silent)} files without keras: read in {plain:.3f} s, looked at in {alone:.3f} s, x {alone / plain:.1f}; "
        f"beside {len(others)} files with keras {among - without:.3f} s, x {(among - without) / plain:.1f}"
    )


def _again(folders: Sequence[Path], kept: Path) -> None:
    first, second = (timed(lambda: list(run(folders, Settings(), cache=Store(kept)))) for _ in range(2))
    print(f"first run {first:.2f} s, second run {second:.2f} s, x {second / first:.2f}")


def _medians(rounds: int, *works: Callable[[], float]) -> tuple[float, ...]:
    turns = [[work() for work in works] for _ in range(rounds + 1)][1:]
    return tuple(map(statistics.median, zip(*turns, strict=True)))


def _child(*arguments: str) -> float:
    """CPU seconds of a child that finds its modules compiled, as that of any user does."""
    compiled = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ended = subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, env=compiled, check=False)
    if ended.returncode not in (Exit.CLEAN, Exit.WORK_LEFT):
        raise SystemExit(f"{' '.join(arguments)} ended with {ended.returncode}: nothing to measure")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    sys.exit(main())
