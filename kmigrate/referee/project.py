"""Does a project compute the same before and after its migration? Its scripts run on two real Kerases, in copies."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kmigrate.keras.specifiers import allows
from kmigrate.referee.compare import MISSING, Tolerance, differences
from kmigrate.referee.environments import interpreter
from kmigrate.referee.outcome import MEGABYTES
from kmigrate.referee.worker import Worker
from kmigrate.results import FileResult, Outcome
from kmigrate.verification import Answer, Finding, Verification

LEFT_OUT = (".git", ".hg", ".svn", "__pycache__", ".venv", "venv", "node_modules", ".ipynb_checkpoints")
FACTS = ("kind", "inputs", "outputs", "parameters", "forward", "loss")
COMPUTED = ("forward", "loss")
TOLERANCE = Tolerance()
SAME_KIND = {"Functional": "Model", "Sequential": "Model"}
"""From 2.4 on `Model(inputs, outputs)` makes a Functional; a Sequential that begins with a Merge becomes a Model."""
TOLD = {
    "graph": (">=2.4", "tf.compat.v1.disable_eager_execution()"),
    "float_labels": (">=2.4", "labels as floats"),
    "new_sums": (">=2.3", "write loss = loss + x"),
    "nearest": ("<2.1.2", "interpolation='nearest'"),
    "steps": (">=2.0", "steps_per_epoch=ceil("),
}
"""What can be done for a script: on which Kerases, and the words of the reviews and notes that ask for it."""


@dataclass(frozen=True, slots=True)
class Task:
    """A project to verify: its folder, what its migration gave, and the scripts to run, as paths from the folder.

    as_told: do what reviews and notes ask for, as far as that is easy, to see whether the rest is right.
    ordering: the axes of images for both, `th` or `tf`, as the keras.json of the user has it; None as Keras has it.
    """

    root: Path
    results: tuple[FileResult, ...]
    scripts: tuple[Path, ...]
    seconds: float
    as_told: bool = False
    ordering: str | None = None


@dataclass(frozen=True, slots=True)
class Before:
    """What came of each script of a project before its migration: the answer, and the file with the weights of its models."""

    keras: str
    answers: tuple[dict[str, Any], ...]
    weights: tuple[Path, ...]


Progress = Callable[[int, int, str], None]


def verify(task: Task, old: str, new: str, progress: Progress | None = None) -> Verification:
    """Run every script in a copy of the project on the Keras `old`, and migrated on the Keras `new`, and compare.

    `old` and `new` are versions with an environment, or paths of environments. Data sets, downloads and training are
    replaced by something tiny. Raises MissingKeras.
    """
    with tempfile.TemporaryDirectory(prefix="kmigrate-verify-") as folder:
        interpreter(new)  # if it is not there, nobody should wait for the other first
        before = run_before(task, old, Path(folder), _doubled(progress, 0))
        return run_after(task, before, new, Path(folder), _doubled(progress, len(task.scripts)))


def run_before(task: Task, old: str, folder: Path, progress: Progress | None = None) -> Before:
    """Run every script on the Keras `old`, in a copy of the project below `folder`."""
    place = Path(folder, "before")
    _laid_out(task, place, migrated=False)
    answers, weights = [], [Path(folder, f"{number}.npz") for number in range(len(task.scripts))]
    with Worker(old) as worker:
        worker.start()
        for script, file in zip(_told_of(task.scripts, progress), weights, strict=True):
            answers.append(_run(worker, place, script, task, {"weights_in": None, "weights_out": str(file)}))
        return Before(worker.keras, tuple(answers), tuple(weights))


def run_after(task: Task, before: Before, new: str, folder: Path, progress: Progress | None = None) -> Verification:
    """Run every script of the migrated project on the Keras `new`, in a copy below `folder`, and compare."""
    place = Path(folder, "after")
    _laid_out(task, place, migrated=True)
    findings: list[Finding] = []
    with Worker(new) as worker:
        worker.start()
        for script, keras1, file in zip(_told_of(task.scripts, progress), before.answers, before.weights, strict=True):
            carried = str(file) if file.exists() else None
            how = {"weights_in": carried, "weights_out": None} | dict.fromkeys(
                told(task, str(script), worker.keras), True
            )
            keras2 = _run(worker, place, script, task, how)
            findings += _findings(task, str(script), keras1, keras2)
        return Verification(before.keras, worker.keras, tuple(findings))


def told(task: Task, script: str, keras: str) -> list[str]:
    """What reviews and notes of a script ask for on a Keras and can be done for it; nothing unless the task wants that."""
    place = (task.root / script).resolve()
    mine = [result for result in task.results if result.path is not None and Path(result.path).resolve() == place]
    said = [review.reason for result in mine for review in result.reviews]
    said += [note.text for result in mine for note in result.notes]
    possible = {key: words for key, (versions, words) in TOLD.items() if task.as_told and allows(versions, keras)}
    return [key for key, words in possible.items() if any(words in text for text in said)]


def _doubled(progress: Progress | None, done: int) -> Progress | None:
    """Progress of one of two walks through the scripts."""
    return progress and (lambda number, count, script: progress(done + number, 2 * count, script))


def _told_of(scripts: Sequence[Path], progress: Progress | None) -> Iterator[Path]:
    for number, script in enumerate(scripts, 1):
        if progress is not None:
            progress(number, len(scripts), str(script))
        yield script


def _laid_out(task: Task, folder: Path, migrated: bool) -> None:
    """A copy of the project, whose scripts may write what they like."""
    shutil.copytree(task.root, folder, symlinks=True, ignore=shutil.ignore_patterns(*LEFT_OUT))
    if not migrated:
        return
    for result in task.results:
        if result.outcome in (Outcome.CHANGED, Outcome.CREATED) and result.path is not None:
            place = folder / Path(result.path).resolve().relative_to(task.root)
            if place.exists() or result.outcome is Outcome.CREATED:
                place.write_bytes(result.to_bytes())


def _run(worker: Worker, root: Path, script: Path, task: Task, how: dict[str, Any]) -> dict[str, Any]:
    root = root.resolve()
    request = {
        "script": str(root / script), "root": str(root), "seed": 0, "seconds": task.seconds, "megabytes": MEGABYTES,
        "ordering": task.ordering,
    }  # fmt: skip
    (answer,) = worker.ask([request | how])
    if answer["outcome"] == "timeout":
        error = {"type": "Timeout", "message": f"did not end in {task.seconds:g} seconds"}
        return {"error": error, "models": [], "functions": []}
    return {"error": answer.get("error"), "models": answer.get("models", []), "functions": answer.get("functions", [])}


def _findings(task: Task, script: str, keras1: dict[str, Any], keras2: dict[str, Any]) -> Iterator[Finding]:
    others = {model["key"]: model for model in keras2["models"]}
    for first in keras1["models"]:
        second = others.pop(first["key"], None)
        if second is not None:
            found = tuple(_compared(first, second))
            if not found and "error" in first and "forward" not in first:
                yield Finding(script, first["name"], Answer.STOPPED, (f"computes on neither: {first['error']}",))
                continue
            yield Finding(script, first["name"], Answer.DIFFERS if found else Answer.SAME, found)
        elif keras2["error"] is None and first["worked"]:
            yield Finding(script, first["name"], Answer.DIFFERS, ("made before the migration only",))
    for second in others.values():
        if keras1["error"] is None and second["worked"]:
            yield Finding(script, second["name"], Answer.DIFFERS, ("made after the migration only",))
    for first, second in zip(keras1["functions"], keras2["functions"], strict=False):
        found = tuple(map(str, differences(first["computes"], second["computes"], TOLERANCE, "computes")))
        yield Finding(script, first["name"], Answer.DIFFERS if found else Answer.SAME, found)
    before, after = keras1["error"], keras2["error"]
    if before is not None:
        where = "Keras 1, before the migration" if after is not None else "Keras 1 only"
        yield Finding(script, "", Answer.STOPPED, (f"{where}: {_told(before)}", *_review(task, before)))
    elif after is not None:
        yield Finding(script, "", Answer.STOPPED, (_told(after), *_review(task, after)))
    elif not keras1["models"]:
        yield Finding(script, "", Answer.STOPPED, ("it makes no model",))


def _compared(first: dict[str, Any], second: dict[str, Any]) -> Iterator[str]:
    """In what two models differ; what could not be computed in both is no difference."""
    if "weights" in second and first.get("weights") != second["weights"]:
        yield f"weights: {second['weights']}"
        return
    if "error" in second and _kind(first.get("error")) != _kind(second["error"]):
        yield f"error: {second['error']}"
        return
    for key in COMPUTED if "error" in first else ():
        if key not in first:
            second.pop(key, None)  # Keras 1 computes it for no input of our size
    for key in FACTS:
        if key in first or key in second:
            one, other = _fact(first, key), _fact(second, key)
            if key in ("inputs", "outputs"):
                one, other = _both_known(one, other), _both_known(other, one)
            for item in differences(one, other, TOLERANCE, key):
                yield str(item)


def _kind(problem: str | None) -> str | None:
    """The type of an error: its words name parts of the graph, which each Keras calls otherwise."""
    return problem.partition(":")[0] if problem is not None else None


def _fact(model: dict[str, Any], key: str) -> Any:
    value = model.get(key, MISSING)
    return SAME_KIND.get(value, value) if key == "kind" else value


def _both_known(shape: Any, other: Any) -> Any:
    """A shape, open where the other is: what the model computes for an input of that size is compared anyway."""
    if isinstance(shape, list) and isinstance(other, list) and len(shape) == len(other):
        return [_both_known(one, two) for one, two in zip(shape, other, strict=True)]
    return None if other is None and isinstance(shape, int) else shape


def _told(error: dict[str, Any]) -> str:
    first = error["message"].strip().splitlines()[0] if error["message"].strip() else ""
    where = f"{error['file']}:{error['line']}: " if error.get("file") else ""
    return f"{where}{error['type']}: {first}".rstrip(": ")


def _review(task: Task, error: dict[str, Any]) -> Sequence[str]:
    """What kmigrate has left for review in the file in which a script stopped."""
    for result in task.results:
        if error.get("file") and result.path is not None and result.reviews:
            place = Path(result.path).resolve()
            if place == (task.root / error["file"]).resolve():
                rules = sorted({f"{review.rule} line {review.position.line}" for review in result.reviews})
                return [f"left for review in {error['file']}: {', '.join(rules)}"]
    return []
