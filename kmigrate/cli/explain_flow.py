"""`kmigrate explain-flow FILE:LINE`: why was an expression taken for a tensor of the graph of layers, or not?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Annotated

import typer

from kmigrate.cli import options
from kmigrate.errors import InvalidSetting

if TYPE_CHECKING:
    from kmigrate.explanation import Explanation
    from kmigrate.resolve.flow.provenance import Step

WIDTH = 80
Place = Annotated[str, typer.Argument(metavar="FILE:LINE", help="A line of a Python file.", show_default=False)]


def explain_flow(place: Place, to: options.To = None, debug: options.Debug = False) -> None:
    """Show what the expressions of a line are taken for and why, where the code runs, and what is done there.

    Backend calls, operators and slices outside of layers become layers where their results end in one.
    """
    from kmigrate.explanation import explain_line

    path, _, line = place.rpartition(":")
    if not path or not line.isdigit() or int(line) < 1:
        raise InvalidSetting(f"`{place}` is no line of a file", hint="write FILE:LINE, such as model.py:12")
    typer.echo("\n".join(_page(explain_line(Path(path), int(line), options.settings(to, False, None, None, None)))))


def _page(explanation: Explanation) -> Iterator[str]:
    yield explanation.place
    yield f"  {explanation.statement}"
    yield ""
    standing = explanation.standing
    where = {"inside": "inside of layers, losses and the like", "outside": "outside of layers, where the graph is built",
             "both": "both inside and outside of layers", "unknown": "nobody can tell where"}[standing.verdict]  # fmt: skip
    yield _wrapped(f"Runs {where}: {'; '.join(standing.reasons)}.", 0)
    yield ""
    for step in explanation.steps:
        yield from _tree(step, 0)
        yield ""
    for end in explanation.ends:
        yield _wrapped(f"{end}, so it must be the output of a layer.", 0)
    if not explanation.ends:
        yield "No operation here ends in a layer or a model in sight."
    yield ""
    for done in explanation.done or ("kmigrate changes nothing here.",):
        yield _wrapped(done, 0)


def _tree(step: Step, depth: int) -> Iterator[str]:
    line = step.place.rpartition(":")[2] if depth else None
    yield _wrapped(f"{step.text}{f' (line {line})' if line else ''}: {step.what}", depth)
    for inner in step.because:
        yield from _tree(inner, depth + 1)


def _wrapped(text: str, depth: int) -> str:
    return fill(text, WIDTH, initial_indent="  " * depth, subsequent_indent="  " * depth + "    ", break_long_words=False)
