"""`python -m benchmarks.standing FOLDER`: how well are calls inside of layers told from calls outside?

FOLDER holds checkouts as `owner+name` or `owner/name`, at the commits that the labels name. The labels were written by
reading the code: `inside` runs in a layer, a loss, a metric or the like, `outside` where the graph is built. Those of the
sample `tuned` were known while the analysis was written; those of `unseen` were written before it was asked about them, at
which 181 of 196 were found (inside 107 of 109, outside 74 of 87) and none was taken for what it is not. What was not found
then has been looked into since, so that no sample is unseen any more.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kmigrate.reading import decode
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.flow.standing import Project, Verdict
from kmigrate.resolve.scopes import ModuleScope
from kmigrate.resolve.world import World
from kmigrate.source.text import Source

LABELS = Path(__file__).parents[1] / "tests" / "flow" / "standing.csv"
VERDICTS = ("inside", "outside")


@dataclass(frozen=True)
class Label:
    """What a reader says of the backend calls of one function on one line."""

    repository: str
    path: str
    line: int
    function: str
    verdict: str
    sample: str


def labels(path: Path = LABELS) -> list[Label]:
    """The labels of a file."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Label(row["repository"], row["path"], int(row["line"]), row["function"], row["verdict"], row["sample"])
            for row in csv.DictReader(file)
        ]


def judged(folder: Path, told: Sequence[Label]) -> Iterator[tuple[Label, Verdict | None]]:
    """Each label whose repository is in the folder, with what the analysis says; None where the call is not there."""
    for repository in dict.fromkeys(label.repository for label in told):
        root = next((place for place in (folder / repository.replace("/", "+", 1), folder / repository) if place.is_dir()), None)
        if root is None:
            continue
        world = World(root, ())
        modules = dict(_modules(world, root))
        project = Project(Evaluator(world), list(modules.values()))
        for label in told:
            if label.repository == repository:
                yield label, _verdict(project, modules.get(label.path), label)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what differs, then precision and recall; 1 if something is taken for what it is not."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.standing", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", metavar="FOLDER", type=Path)
    parser.add_argument("--labels", metavar="FILE", type=Path, default=LABELS)
    options = parser.parse_args(arguments)
    samples: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for label, verdict in judged(options.folder, labels(options.labels)):
        samples[label.sample][label.verdict, str(verdict)] += 1
        if verdict != label.verdict:
            print(f"{label.repository} {label.path}:{label.line} {label.function}: {label.verdict}, taken for {verdict}")
    return int(sum([_told(sample, counts) for sample, counts in samples.items()]) > 0)


def _told(sample: str, counts: Counter[tuple[str, str]]) -> int:
    """Print the figures of a sample; how many calls are taken for what they are not."""
    print(f"{sample}: {sum(counts.values())} calls")
    wrong = 0
    for verdict in VERDICTS:
        said = sum(count for (_, found), count in counts.items() if found == verdict)
        labelled = sum(count for (label, _), count in counts.items() if label == verdict)
        right = counts[verdict, verdict]
        wrong += said - right
        print(f"{verdict:<8} precision {_percent(right, said)}, recall {_percent(right, labelled)}")
    return wrong


def _modules(world: World, root: Path) -> Iterator[tuple[str, ModuleScope]]:
    for path in sorted(root.rglob("*.py")):
        try:
            source = decode(path.read_bytes(), str(path))
            if isinstance(source, Source):
                yield path.relative_to(root).as_posix(), world.open(source)
        except (OSError, SyntaxError, RecursionError, ValueError):
            continue


def _verdict(project: Project, module: ModuleScope | None, label: Label) -> Verdict | None:
    for call, scope in module.calls if module is not None else ():
        if call.lineno == label.line and getattr(call.func, "attr", None) == label.function:
            return project.standing(scope).verdict
    return None


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} % ({part} of {whole})" if whole else "-"


if __name__ == "__main__":
    sys.exit(main())
