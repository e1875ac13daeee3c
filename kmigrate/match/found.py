"""What is one use of Keras, before any rule has looked at it?"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Literal, NamedTuple, TypeAlias

from kmigrate.edits import Span
from kmigrate.resolve.scopes import Scope
from kmigrate.source.module import Module

Kind: TypeAlias = Literal[
    "import", "call", "method", "attribute", "reference", "subclass", "definition", "assign", "construct", "partial",
    "applied", "passed", "operation", "string",
]


class Found(NamedTuple):
    """One use of Keras, before any rule has looked at it.

    name: documented Keras 1 name; a member as `Class.member`, the class being the one that defines it.
    A call that passes keywords on (`passed`) is named for what gets them, and one that gives a partial object the rest of its
    arguments (`applied`) for what that object calls.
    cls: for members, the class of the object itself (a `Sequential` whose `fit` is meant).
    node: the name, attribute, alias or definition that is the use; `call` the call it is the callee of.
    spelled: the import path by which it is reached.
    certain: False where the type is a guess (`fit(nb_epoch=…)` on an object nobody knows).
    new: the name exists in Keras 2 only.
    leading: positional arguments in front of the first parameter (`self`).
    others: the same use for the other classes that the object can be of (a `Sequential` or a `Model`).
    """

    kind: Kind
    name: str
    node: ast.AST
    scope: Scope
    call: ast.Call | None = None
    spelled: str = ""
    cls: str = ""
    certain: bool = True
    new: bool = False
    leading: int = 0
    module: bool = False
    others: tuple[Found, ...] = ()

    @property
    def of_method(self) -> bool:
        """Whether a method of an object is called, or made a partial object of."""
        return self.kind == "method" or (bool(self.cls) and self.kind in ("partial", "applied"))

    @property
    def star(self) -> bool:
        """Whether it is the import of all that a module has."""
        return isinstance(self.node, ast.alias) and self.node.name == "*"

    def span(self, module: Module) -> Span:
        """Where the use stands: the whole call for calls, the name of a definition or of a keyword."""
        node = self.call if self.call is not None else self.node
        if isinstance(node, ast.FunctionDef):
            start = module.start(node)
            return Span(start, start + len(f"def {node.name}"))
        if isinstance(node, ast.keyword):
            start = module.start(node)
            return Span(start, start + len(node.arg or ""))
        assert isinstance(node, (ast.expr, ast.stmt, ast.alias))
        return module.span(node)


def in_order(founds: Iterable[Found], module: Module) -> list[Found]:
    """The uses in the order of the text, by where their nodes begin."""
    return sorted(founds, key=lambda found: _start(found, module))


def _start(found: Found, module: Module) -> int:
    assert isinstance(found.node, (ast.expr, ast.stmt, ast.alias))
    return module.start(found.node)
