"""`python -m benchmarks.twice [--unsafe] FOLDER...`: is a migrated project left alone by the next run?

Each folder is a project. It is migrated in a copy, and the copy once more: the second run must change nothing, and must ask
nothing that the first run did not ask. Reviews are counted by file and rule: lines move, and names are found by other paths.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kmigrate.config import Settings
from kmigrate.results import FileResult, Outcome
from kmigrate.runner import run

PARSER = argparse.ArgumentParser(prog="python -m benchmarks.twice", description=(__doc__ or "").splitlines()[0])
PARSER.add_argument("folders", metavar="FOLDER", nargs="+", type=Path, help="projects")
PARSER.add_argument("--unsafe", action="store_true", help="migrate with --unsafe")

Asked = tuple[str, str]
"""A review: the file and the rule."""


@dataclass(frozen=True, slots=True)
class Twice:
    """What the second run over a migrated project still does."""

    changed: tuple[str, ...]
    """Places that it changes: `file:line: rule name`."""
    new: tuple[str, ...]
    """Reviews that the first run did not have: `file:line: rule name: reason`."""
    reviews: tuple[int, int]
    """How many reviews the first and the second run have."""
    failed: tuple[str, ...]
    """Files that one of the runs failed on."""


def twice(folder: Path, settings: Settings) -> Twice:
    """Migrate a copy of the project, and the copy again."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / folder.name
        shutil.copytree(folder, copy, symlinks=True)
        first = list(run([copy], settings))
        for result in first:
            if result.outcome is Outcome.CHANGED and result.path is not None:
                Path(result.path).write_bytes(result.to_bytes())
        second = list(run([copy], settings))
    asked = Counter(key for key, _ in _asked(first, copy))
    new = []
    for key, told in _asked(second, copy):
        asked[key] -= 1
        if asked[key] < 0:
            new.append(told)
    return Twice(
        tuple(_changes(second, copy)), tuple(new), (_reviews(first), _reviews(second)),
        tuple(_failures([*first, *second], copy)),
    )  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a row for each project, and everything that must not be; 1 if there is something."""
    options = PARSER.parse_args(arguments)
    settings = Settings(unsafe=options.unsafe)
    print(f"{'project':<46}{'reviews':>9}{'again':>7}{'new':>5}{'changed':>9}{'failed':>8}")
    wrong = 0
    for folder in options.folders:
        if not folder.is_dir():
            PARSER.error(f"{folder} is not a folder")
        found = twice(folder.resolve(), settings)
        first, second = found.reviews
        row = f"{first:>9}{second:>7}{len(found.new):>5}{len(found.changed):>9}{len(found.failed):>8}"
        print(f"{folder.name[:45]:<46}{row}", flush=True)
        for told in (*found.changed, *found.new):
            print(f"    {told}")
        wrong += len(found.changed) + len(found.new)
    print(f"{wrong} that must not be")
    return int(wrong > 0)


def _asked(results: Sequence[FileResult], root: Path) -> Iterator[tuple[Asked, str]]:
    for result in results:
        path = _shown(result, root)
        for review in result.reviews:
            told = f"{path}:{review.position.line}: new {review.rule} {review.name}: {review.reason}"
            yield (path, review.rule), told


def _changes(results: Sequence[FileResult], root: Path) -> Iterator[str]:
    for result in results:
        for change in result.changes:
            yield f"{_shown(result, root)}:{change.position.line}: changed {change.rule} {change.name}"


def _failures(results: Sequence[FileResult], root: Path) -> Iterator[str]:
    return (_shown(result, root) for result in results if result.outcome is Outcome.FAILED)


def _reviews(results: Sequence[FileResult]) -> int:
    return sum(len(result.reviews) for result in results)


def _shown(result: FileResult, root: Path) -> str:
    path = Path(result.path or "-").resolve()
    return path.relative_to(root.resolve()).as_posix() if path.is_relative_to(root.resolve()) else str(path)


if __name__ == "__main__":
    sys.exit(main())
