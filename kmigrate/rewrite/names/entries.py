"""What import statements bring, what uses ask for, and where both stand."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from kmigrate.edits import Confidence
from kmigrate.match.found import Found
from kmigrate.resolve.scopes import Binding, Scope
from kmigrate.resolve.ways import on_every_way


@dataclass(slots=True)
class Entry:
    """A name that an import statement brings: `module`, `name` and the alias, if any.

    `first` is the line and column of the first use: the statement has to stand before it, in the function `home` where that
    is not the top of the module.
    """

    module: str
    name: str
    alias: str | None = None
    rule: str = ""
    first: tuple[int, int] = (0, 0)
    home: Scope | None = None

    @property
    def local(self) -> str:
        """The name that it binds."""
        return self.alias or self.name

    @property
    def text(self) -> str:
        """The text of the alias in the import statement."""
        return self.name if self.alias in (None, self.name) else f"{self.name} as {self.alias}"


@dataclass(slots=True)
class Request:
    """A use that is to be called by the Keras 2 path `target`."""

    found: Found
    target: str
    rule: str
    confidence: Confidence


def position(node: ast.AST) -> tuple[int, int]:
    """Line and column at which a node starts."""
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def serves(binding: Binding, found: Found) -> bool:
    """Whether an import has run where a use is reached: one further down comes too late, one in another branch may not run."""
    statement = binding.statement
    if statement is None or position(binding.node) >= position(found.node):
        return False
    return on_every_way(statement, found.node, binding.scope.module.parents)


def root_name(node: ast.AST) -> ast.Name | None:
    """The leftmost name of a dotted name."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node if isinstance(node, ast.Name) else None
