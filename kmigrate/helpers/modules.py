"""Which modules of helper layers must a run add to the project, or extend?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from kmigrate.edits import Confidence, Replacement
from kmigrate.helpers.text import MODULE, text_of
from kmigrate.results import FileResult, Needed, Outcome
from kmigrate.source.discovery import shown
from kmigrate.source.text import Source


def with_modules(results: Iterable[FileResult]) -> Iterator[FileResult]:
    """The results, then those of the modules that the changed files among them need."""
    needed: list[Needed] = []
    seen: list[FileResult] = []
    for result in results:
        if result.source is not None and result.source.path and Path(result.source.path).name == f"{MODULE}.py":
            seen.append(result)
            continue
        if result.outcome is Outcome.CHANGED and result.needed is not None:
            needed.append(result.needed)
        yield result
    made = modules(needed)
    paths = {Path(module.source.path).resolve() for module in made if module.source is not None and module.source.path}
    yield from (item for item in seen if item.source is None or Path(item.source.path or "").resolve() not in paths)
    yield from made


def modules(needed: Iterable[Needed]) -> tuple[FileResult, ...]:
    """The results for modules that are not there yet, or lack some of the layers, in order of their paths."""
    by_path: dict[str, list[Needed]] = {}
    for item in needed:
        by_path.setdefault(item.path, []).append(item)
    return tuple(module for _, items in sorted(by_path.items()) if (module := _module(items)) is not None)


def _module(needed: list[Needed]) -> FileResult | None:
    path, held = needed[0].path, needed[0].held
    layers = frozenset[str]().union(*(item.layers for item in needed)) | (held or frozenset())
    if layers == held:
        return None
    before, after = text_of(held) if held else "", text_of(layers)
    return FileResult(
        shown(Path(path)), Outcome.CHANGED if held else Outcome.CREATED, before, after, Source(path, before),
        (Replacement(0, len(before), after, (), Confidence.SAFE),),
    )  # fmt: skip
