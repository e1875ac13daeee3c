"""What does the evaluator make of the expression that a program holds in `probe(...)`?"""

from __future__ import annotations

from pathlib import Path

from kmigrate.keras.versions import resolve_targets
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.values import (
    Instance,
    KerasMember,
    KerasModule,
    KerasName,
    NewName,
    Partial,
    RawTensor,
    Result,
    Tensor,
    Unknown,
    Value,
    Values,
)
from kmigrate.resolve.world import World
from kmigrate.source.text import Source


def probed(main: str, folder: Path | None = None, modules: dict[str, str] | None = None) -> set[str]:
    """What the first `probe(...)` of `main` can be, each value in a few words; `modules` are files beside it."""
    for name, text in (modules or {}).items():
        assert folder is not None
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    path_of_main = None
    if folder is not None:
        path = folder / "main.py"
        path.write_text(main, encoding="utf-8")
        path_of_main = str(path)
    world = World(folder, resolve_targets())
    scopes = world.open(Source(path_of_main, main))
    evaluator = Evaluator(world)
    for call, scope in scopes.calls:
        if getattr(call.func, "id", "") == "probe":
            return in_words(evaluator.values(call.args[0], scope))
    raise AssertionError("the program has no probe(...)")


def in_words(values: Values) -> set[str]:
    """Each value in a few words; whatever is certainly not of Keras comes as `other`."""
    return {_word(value) for value in values}


def _word(value: Value) -> str:
    match value:
        case KerasName(path):
            return path
        case KerasModule(path):
            return f"module {path}"
        case NewName(path):
            return f"new {path}"
        case Instance(cls):
            return f"a {cls}"
        case KerasMember(cls, name):
            return f"{cls}.{name}"
        case Tensor():
            return "tensor"
        case RawTensor(of_graph):
            return "raw tensor of the graph" if of_graph else "raw tensor"
        case Partial(function):
            return f"partial {_word(function)}"
        case Result(function):
            return f"result of {function}"
        case Unknown():
            return "unknown"
        case _:
            return "other"
