"""Which files of a project are scripts: files that are started, not imported, and may make models?"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from pathlib import Path

from kmigrate.results import FileResult
from kmigrate.source.parsing import parse
from kmigrate.source.text import Source


def scripts(results: Sequence[FileResult], root: Path) -> list[Path]:
    """The scripts below `root`, as paths from there.

    A file with the guard `if __name__ == '__main__'` is one; so is a file that does something at its top, speaks of Keras
    and is imported by no other.
    """
    trees = {path: tree for path, tree in _parsed(results, root) if not _is_test(path)}
    imported = {name for tree in trees.values() for name in _imports(tree)}
    spoken = {path for path, result in _inside(results, root) if result.uses}
    return sorted(
        path for path, tree in trees.items()
        if _has_guard(tree) or (path in spoken and path.stem not in imported and _does_something(tree))
    )  # fmt: skip


def _inside(results: Sequence[FileResult], root: Path) -> Iterable[tuple[Path, FileResult]]:
    for result in results:
        if result.path is not None and result.path.endswith(".py"):
            place = Path(result.path).resolve()
            if place.is_relative_to(root):
                yield place.relative_to(root), result


def _parsed(results: Sequence[FileResult], root: Path) -> Iterable[tuple[Path, ast.Module]]:
    """The trees of those that can be read, of Python 2 as well: what can't run is told when it is run."""
    for path, _ in _inside(results, root):
        try:
            yield path, parse(Source.from_bytes((root / path).read_bytes(), str(path)))
        except (SyntaxError, ValueError, OSError):
            continue


def _is_test(path: Path) -> bool:
    return path.name.startswith(("test_", "conftest", "setup.")) or "tests" in path.parts[:-1]


def _imports(tree: ast.Module) -> Iterable[str]:
    """The last parts of all names that are imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.rpartition(".")[2] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").rpartition(".")[2]
            yield from (alias.name for alias in node.names)


def _has_guard(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.If) and any(isinstance(part, ast.Name) and part.id == "__name__" for part in ast.walk(node.test))
        for node in tree.body
    )


def _does_something(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.Assign | ast.For | ast.While | ast.With | ast.Try)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call))
        for node in tree.body
    )
