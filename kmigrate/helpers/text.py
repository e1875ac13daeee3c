"""What does a module of helper layers hold: which layers there are, and the text of those that a project needs?"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).with_name("keras1_layers.py")
MODULE = SOURCE.stem
"""What the module is called in the user's project."""


@cache
def layers() -> frozenset[str]:
    """The layers that can be had."""
    return frozenset(
        node.name for node in _tree().body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )


@cache
def definition(layer: str) -> ast.ClassDef:
    """The class of a layer."""
    return next(node for node in _tree().body if isinstance(node, ast.ClassDef) and node.name == layer)


def text_of(wanted: Iterable[str]) -> str:
    """The text of a module with these layers and what they use, always in the same order."""
    needed = _closed(wanted)
    pieces = [piece for node in _tree().body if (piece := _piece(node, needed))]
    head = [piece for piece in pieces if piece.startswith(("import ", "from "))]
    rest = [piece for piece in pieces if piece not in head]
    return rest[0] + "\n\n" + "\n".join(head) + "\n" + "".join(f"\n\n{piece}\n" for piece in rest[1:])


def layers_in(text: str) -> frozenset[str] | None:
    """The layers of a module that is as `text_of` made it; None for any other text."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError):
        return None
    held = frozenset(node.name for node in body if isinstance(node, ast.ClassDef)) & layers()
    return held if held and text_of(held) == text else None


@cache
def _text() -> str:
    return SOURCE.read_text(encoding="ascii")


@cache
def _tree() -> ast.Module:
    return ast.parse(_text())


def _closed(wanted: Iterable[str]) -> frozenset[str]:
    """All names of the module that these layers use, themselves included."""
    uses = {node.name: _used(node) for node in _tree().body if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    needed: set[str] = set()
    new = set(wanted)
    while new:
        needed |= new
        new = {name for one in new for name in uses.get(one, ())} - needed
    return frozenset(needed)


def _used(node: ast.stmt) -> frozenset[str]:
    return frozenset(inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name))


def _piece(node: ast.stmt, needed: frozenset[str]) -> str | None:
    """The text of a statement, an import cut down to what is needed; None if nothing of it is."""
    text = ast.get_source_segment(_text(), node)
    match node:
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            kept = [alias for alias in names if (alias.asname or alias.name) in needed]
            return ast.unparse(_with_names(node, kept)) if kept else None
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
            return text if name in needed else None
        case _:
            return text


def _with_names(node: ast.Import | ast.ImportFrom, names: list[ast.alias]) -> ast.stmt:
    if isinstance(node, ast.Import):
        return ast.Import(names=names)
    return ast.ImportFrom(module=node.module, names=names, level=node.level)


def parameters(layer: str) -> Iterator[tuple[str, str | None]]:
    """The parameters of a layer's constructor, its own and those that it passes on, with the text of their defaults."""
    init = next((node for node in definition(layer).body if isinstance(node, ast.FunctionDef) and node.name == "__init__"), None)
    if init is None:
        (base,) = definition(layer).bases
        assert isinstance(base, ast.Name)
        yield from parameters(base.id)
        return
    plain = init.args.args[1:]
    defaults = [None] * (len(plain) - len(init.args.defaults)) + [ast.unparse(node) for node in init.args.defaults]
    yield from zip((argument.arg for argument in plain), defaults, strict=True)
