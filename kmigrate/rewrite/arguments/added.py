"""Arguments that a call leaves out and Keras 2 must be told, since its default is another one."""

from __future__ import annotations

import re
from typing import NamedTuple

from kmigrate.edits import Piece
from kmigrate.rewrite.arguments.site import Site
from kmigrate.rewrite.literals import lookup, text_of
from kmigrate.rewrite.plan import literal_of
from kmigrate.ruleset.schema import Argument as Spec
from kmigrate.ruleset.schema import Expression, Rewrite

HOLE = re.compile(r"\$(\w+)")
"""What stands for an argument of the call in a text that a rule adds."""


class Added(NamedTuple):
    """An argument to write: its Keras 2 parameter, its value, and the Keras 2 names that the value uses."""

    name: str
    value: tuple[Piece, ...]
    imports: tuple[str, ...]


def added(site: Site, rewrite: Rewrite, given: frozenset[str | None]) -> list[Added]:
    """The arguments to write; `given` are the Keras 2 parameters that the call gives already."""
    found: list[Added] = []
    for name in rewrite.require:
        parameter = site.keras1.parameter(name)
        spec = rewrite.arguments.get(name)
        target = spec.rename if spec is not None and spec.rename else name
        if name in site.bound.names or target in given or parameter is None or parameter.default is None:
            continue
        text, imports = _default(spec, parameter.default)
        found.append(Added(target, (text,), imports))
    for target, text in rewrite.add.items():
        value = None if target in given else _filled(site, text)
        if value is not None:
            words = "".join(piece for piece in value if isinstance(piece, str))
            imports = tuple(path for path in rewrite.imports if path.rpartition(".")[2] in words)
            found.append(Added(target, value, imports))
    return found


def _default(spec: Spec | None, default: str) -> tuple[str, tuple[str, ...]]:
    if spec is None or spec.values is None:
        return default, ()
    listed, new = lookup(spec.values, literal_of(default))
    if not listed:
        return default, ()
    if isinstance(new, Expression):
        return new.expression, tuple(new.imports)
    return text_of(new, default), ()


def _filled(site: Site, text: str) -> tuple[Piece, ...] | None:
    """`add` text with its `$parameter` holes filled by the migrated arguments; None when one is not given."""
    pieces: list[Piece] = []
    position = 0
    for hole in HOLE.finditer(text):
        argument = site.bound.get(hole.group(1))
        if argument is None:
            return None
        bare = site.is_bare(argument)
        pieces.append(text[position : hole.start()] + ("(" if bare else ""))
        pieces.append(site.layout.slots[site.slot(argument)].value)
        pieces.append(")" if bare else "")
        position = hole.end()
    pieces.append(text[position:])
    return tuple(piece for piece in pieces if piece != "")
