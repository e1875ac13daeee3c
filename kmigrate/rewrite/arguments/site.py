"""The call whose arguments move, and what comes of them."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import cached_property

from kmigrate.edits import Edit
from kmigrate.keras.signatures import Signature
from kmigrate.keras.specifiers import allows_some
from kmigrate.match.arguments import Argument, Bound
from kmigrate.match.conditions import Conditions
from kmigrate.rewrite.decision import Told
from kmigrate.rewrite.layout import Layout, layout
from kmigrate.source.module import Module


@dataclass(slots=True)
class Rewritten:
    """The edits of one argument list, the Keras 2 names they use, why they are only probably right, if so, and what to tell.

    within: the function that the whole call becomes the argument of, by its Keras 2 path.
    """

    edits: list[Edit] = field(default_factory=list)
    imports: list[str] = field(default_factory=list)
    doubt: str | None = None
    notes: list[str | Told] = field(default_factory=list)
    within: str | None = None


@dataclass(frozen=True)
class Site:
    """The call under rewrite and all that is known of it."""

    rule: str
    module: Module
    call: ast.Call
    bound: Bound
    keras1: Signature
    targets: tuple[tuple[str, Signature], ...]
    conditions: Conditions
    partial: bool = False

    @cached_property
    def layout(self) -> Layout:
        """How the call is laid out; many calls need not know."""
        return layout(self.module, self.call)

    def is_bare(self, argument: Argument) -> bool:
        """Whether the value is `name := value` without parentheses, which can stand by position alone."""
        start = self.layout.slots[self.slot(argument)].value.start
        return isinstance(argument.value, ast.NamedExpr) and self.module.text[start] != "("

    def is_for(self, specifier: str) -> bool:
        """Whether some target is one of these versions."""
        return allows_some(specifier, [version for version, _ in self.targets])

    def slot(self, argument: Argument) -> int:
        """The place of an argument in the layout."""
        return argument.order + self.bound.leading
