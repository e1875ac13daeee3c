"""What does kmigrate take the expressions of one line for, why, and what does it do there?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kmigrate.config import Settings
from kmigrate.engine import Engine
from kmigrate.errors import InvalidSetting, PathNotFound
from kmigrate.lookup import is_folder
from kmigrate.reading import decode
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.flow.anatomy import reached
from kmigrate.resolve.flow.ends import ends
from kmigrate.resolve.flow.origins import Origins
from kmigrate.resolve.flow.provenance import Provenance, Step
from kmigrate.resolve.flow.standing import Project, Standing
from kmigrate.resolve.scopes import ModuleScope, Scope
from kmigrate.resolve.world import World
from kmigrate.results import Failure, FileResult
from kmigrate.source.discovery import discover, python_files
from kmigrate.source.text import Source


@dataclass(frozen=True, slots=True)
class Explanation:
    """statement: the text of the line's statement; ends: the layers and models in which its operations end; done: what a
    migration does in these lines, rule by rule.
    """

    place: str
    statement: str
    standing: Standing
    steps: tuple[Step, ...]
    ends: tuple[str, ...]
    done: tuple[str, ...]


def explain_line(path: Path, line: int, settings: Settings) -> Explanation:
    """The explanation of the statement on a line (from 1).

    Raises PathNotFound or InvalidSetting where there is no such file, or no expression on the line.
    """
    if is_folder(path):
        raise InvalidSetting(f"`{path}` is a folder", hint="name a file in it, as FILE:LINE")
    found = next(iter(discover([path])))
    world = World(found.root, ())
    modules = dict(_opened(world, found.root))
    module = modules.get(found.path.resolve())
    if module is None:
        raise PathNotFound(f"`{path}` can't be read as Python", hint="`kmigrate scan` says why")
    statement = _statement(module, line)
    if statement is None:
        raise InvalidSetting(f"no statement with an expression stands on line {line}", where=f"{path}:{line}")
    evaluator = Evaluator(world)
    project = Project(evaluator, list(modules.values()))
    origins = Origins(module, evaluator, project.roles(module))
    scope = module.scope_around(statement)
    first, last = statement.lineno, statement.end_lineno or statement.lineno
    done = _done(Engine(found.root, settings), found.path, range(first, last + 1))
    return Explanation(
        f"{path}:{line}", _short(ast.unparse(statement)), project.standing(scope), tuple(_steps(origins, statement)),
        tuple(_ends(origins, project, range(first, last + 1))), done,
    )  # fmt: skip


def _opened(world: World, root: Path) -> Iterator[tuple[Path, ModuleScope]]:
    """The modules of the project that can be read."""
    for path in python_files(root):
        try:
            source = decode(path.read_bytes(), str(path))
            if isinstance(source, Source):
                yield path.resolve(), world.open(source)
        except (OSError, SyntaxError, RecursionError, ValueError):
            continue


def _statement(module: ModuleScope, line: int) -> ast.stmt | None:
    """The innermost statement on the line that is no block."""
    found: ast.stmt | None = None
    for node in ast.walk(module.tree):
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno):
            found = node
    return found if found is not None and any(isinstance(node, ast.expr) for node in _own(found)) else None


def _own(statement: ast.stmt) -> Iterator[ast.AST]:
    """The nodes of a statement, those of the statements in it left out."""
    pending: list[ast.AST] = [statement]
    while pending:
        node = pending.pop(0)
        yield node
        pending.extend(child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.stmt))


def _scope(module: ModuleScope, node: ast.expr) -> Scope | None:
    """The scope in which the first name of an expression is loaded."""
    inside = set(ast.walk(node))
    return next((scope for load, scope in module.names if load in inside), None)


def _steps(origins: Origins, statement: ast.stmt) -> Iterator[Step]:
    """The outermost expressions that have to do with the graph; where there is none, every name that is a value."""
    provenance = Provenance(origins)
    taken: set[ast.AST] = set()
    rest: list[tuple[ast.expr, Scope]] = []
    for node in _own(statement):
        scope = _scope(origins.module, node) if isinstance(node, ast.expr) else None
        if not isinstance(node, ast.Name | ast.Call | ast.BinOp | ast.UnaryOp | ast.Subscript | ast.List) or scope is None:
            continue
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            continue
        if origins.graph.kind(node, scope) in ("tensor", "raw", "maybe", "list"):
            if node not in taken:
                taken.update(ast.walk(node))
                yield provenance.of(node, scope)
        elif isinstance(node, ast.Name) and not _names_code(origins, node, scope):
            rest.append((node, scope))
    if not taken:
        yield from (provenance.of(node, scope) for node, scope in rest)


def _names_code(origins: Origins, node: ast.Name, scope: Scope) -> bool:
    """Whether a name stands for a module, a function or a class, or for nothing in sight."""
    bindings = origins.evaluator.bindings(node, scope) or ()
    return all(binding.kind in ("import", "from", "star", "function", "class") for binding in bindings)


def _ends(origins: Origins, project: Project, lines: range) -> Iterator[str]:
    given = ends(origins.module, origins.evaluator, project.roles(origins.module))
    for operation in reached(origins, given):
        if operation.node.lineno in lines:
            end = operation.end
            yield f"{_short(ast.unparse(operation.node))} ends in {_short(ast.unparse(end))} in line {end.lineno}"


def _done(engine: Engine, path: Path, lines: range) -> tuple[str, ...]:
    source = decode(path.read_bytes(), str(path))
    if isinstance(source, Failure):
        return ()
    result: FileResult = engine.migrate(source)
    changed = [f"{c.rule} changes {c.name}: {c.title}" for c in result.changes if c.position.line in lines]
    return (*changed, *(f"{r.rule} leaves {r.name} to you: {r.reason}" for r in result.reviews if r.position.line in lines))


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 70 else f"{words[:67]}..."
