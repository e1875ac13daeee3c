"""Do whole programs compute the same: the examples of the rules, the projects in samples/, the scripts of Keras 1 itself?

    python -m kmigrate.referee.examples [--keras1 CHECKOUT] [--version 2.2.4 ...] [--only WORD] [--emit-helpers]

The scripts of Keras 1.2.2 come from a checkout: its source distribution holds none. Each script ends, on each version, as one
of: same; told (the same once that is done which a review or note of that file asks for); review (kmigrate says in that file
what is left to do); differs; breaks; no oracle (it doesn't run on Keras 1 either, with stand-ins for data and training). Ends
with 1 if anything differs or breaks.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from kmigrate.config import Settings
from kmigrate.errors import KmigrateError
from kmigrate.keras.signatures import KERAS_2
from kmigrate.keras.versions import DEFAULT_TARGETS
from kmigrate.referee.judge import KERAS_1
from kmigrate.referee.judged import FAULTS, judge_all
from kmigrate.referee.pool import Pool
from kmigrate.referee.project import TOLD, Task, run_after, run_before, told
from kmigrate.referee.scripts import scripts
from kmigrate.referee.tally import faults, tally
from kmigrate.results import FileResult
from kmigrate.ruleset.loader import load_rules
from kmigrate.runner import run
from kmigrate.verification import Answer, Finding

SAMPLES = Path(__file__).parents[2] / "samples"
SECONDS = 300.0
WRONG = ("differs", "breaks")


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m kmigrate.referee.examples", description=__doc__.splitlines()[0])
    parser.add_argument("--keras1", type=Path, metavar="CHECKOUT", help="a checkout of Keras 1.2.2")
    parser.add_argument("--version", action="append", choices=KERAS_2, help="a Keras 2 to run them on (default: all)")
    parser.add_argument("--only", default="", metavar="WORD", help="only scripts with this in their path")
    parser.add_argument("--emit-helpers", action="store_true", help="let helper layers take the place of gone ones")
    options = parser.parse_args(arguments)
    versions = options.version or list(KERAS_2)
    try:
        wrong = _rules(versions) if not options.only else 0
        for project in _projects(options.keras1):
            wrong += _project(project, versions, options.only, options.emit_helpers)
    except KmigrateError as error:
        print(error, file=sys.stderr)
        return int(error.exit)
    return 1 if wrong else 0


def _projects(keras1: Path | None) -> list[Path]:
    """The samples, and the examples of the checkout."""
    samples = sorted(path for path in SAMPLES.iterdir() if path.is_dir())
    if keras1 is None:
        print("without --keras1: `git clone --branch 1.2.2 https://github.com/keras-team/keras` has the scripts", file=sys.stderr)
        return samples
    if not (keras1 / "examples").is_dir():
        raise KmigrateError(f"`{keras1}` is no checkout of Keras: there is no folder `examples` in it")
    return [*samples, keras1 / "examples"]


def _rules(versions: Sequence[str]) -> int:
    """How many examples of rules end wrong."""
    programs = [
        (f"examples of rules/{rule.id}-{number}", example.before or example.unchanged or "")
        for rule in load_rules()
        for number, example in enumerate(rule.examples, 1)
        if example.runs and example.to is None and not example.unsafe
    ]
    with Pool() as pool:
        judged = judge_all(pool, programs, versions)
    wrong = [item for item in judged if item.ending in FAULTS]
    print(tally(judged, versions), faults(wrong), sep="\n\n", flush=True)
    return len(wrong)


def _project(root: Path, versions: Sequence[str], only: str, emit_helpers: bool) -> int:
    """How many models of the scripts of a project end wrong; a line for each script and version."""
    root = root.resolve()
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="kmigrate-examples-") as place:
        results = {version: _migrated(root, version, emit_helpers) for version in versions}
        chosen = tuple(path for path in scripts(results[versions[0]], root) if only in f"{root.name}/{path}")
        if not chosen:
            return 0
        tasks = {version: Task(root, results[version], chosen, SECONDS, as_told=True) for version in versions}
        before = run_before(tasks[versions[0]], KERAS_1, Path(place), _progress)
        table: dict[str, list[str]] = {str(script): [] for script in chosen}
        for version, task in tasks.items():
            found = run_after(task, before, version, Path(place, version), _progress).findings
            ends = {str(script): _end(task, str(script), found, version) for script in chosen}
            print(f"\n{root.name} on Keras {version}: {_counted(ends.values())}")
            for script, (end, why) in ends.items():
                print(f"  {script:32} {end:10} {why}", flush=True)
                table[script].append(end)
            wrong += sum(end in WRONG for end, _ in ends.values())
    print("", *_table(root.name, versions, table), sep="\n", flush=True)
    return wrong


def _progress(number: int, count: int, script: str) -> None:
    print(f"{number} of {count}: {script}", file=sys.stderr, flush=True)


def _table(project: str, versions: Sequence[str], ends: dict[str, list[str]]) -> Iterable[str]:
    """A line for each script, with how it ended on each version."""
    yield "  ".join([f"{project:32}", *(f"{version:10}" for version in versions)]).rstrip()
    for script, found in ends.items():
        yield "  ".join([f"{script:32}", *(f"{end:10}" for end in found)]).rstrip()


def _migrated(root: Path, version: str, emit_helpers: bool) -> tuple[FileResult, ...]:
    return tuple(run([root], Settings(to=None if version in DEFAULT_TARGETS else version, emit_helpers=emit_helpers)))


def _counted(ends: Iterable[tuple[str, str]]) -> str:
    counts = Counter(end for end, _ in ends)
    return ", ".join(f"{count} {end}" for end, count in counts.most_common())


def _end(task: Task, script: str, findings: Sequence[Finding], version: str) -> tuple[str, str]:
    """How a script ended, and why."""
    mine = [item for item in findings if item.script == script]
    bad = [item for item in mine if item.answer is not Answer.SAME]
    if not bad:
        done = told(task, script, version)
        return ("told" if done else "same"), ", ".join([f"{len(mine)} models", *(TOLD[key][1] for key in done)])
    same = f"{len(mine) - len(bad)} models the same; " if len(mine) > len(bad) else ""
    why = same + f"{bad[0].model} {'; '.join(bad[0].details)}".strip()[:200]
    stopped = next((item for item in bad if item.answer is Answer.STOPPED and item.details[0].startswith("Keras 1")), None)
    if stopped is not None:
        return ("differs", why) if len(bad) > 1 else ("no oracle", stopped.details[0][:200])
    if _reviewed(task, script):
        return "review", why
    return ("breaks" if bad[0].answer is Answer.STOPPED else "differs"), why


def _reviewed(task: Task, script: str) -> bool:
    """Does kmigrate leave something to a person in this project?"""
    place = (task.root / script).resolve()
    return any(result.reviews for result in task.results if result.path and Path(result.path).resolve() == place)


if __name__ == "__main__":
    sys.exit(main())
