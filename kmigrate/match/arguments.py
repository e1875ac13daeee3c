"""Which argument of a call binds to which parameter."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from kmigrate.keras.signatures import Signature


class Argument(NamedTuple):
    """One argument of a call. `order` is its place in the text; `keyword` is None for a positional one."""

    parameter: str
    value: ast.expr
    order: int
    keyword: ast.keyword | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """The arguments of a call by parameter, in the order of the text.

    `opaque` is the `*args` or `**kwargs` that hides the rest; `leading` counts positional arguments before the first
    parameter (`self` in `Base.__init__(self, ...)`).
    """

    arguments: tuple[Argument, ...]
    opaque: ast.expr | None = None
    leading: int = 0

    def get(self, parameter: str) -> Argument | None:
        """The argument for `parameter`, or None."""
        for argument in self.arguments:
            if argument.parameter == parameter:
                return argument
        return None

    @property
    def names(self) -> frozenset[str]:
        """The parameters that are given."""
        return frozenset([argument.parameter for argument in self.arguments])


Form: TypeAlias = tuple[int, int, tuple[str | None, ...]]
"""What a call gives, whatever the values: how many arguments by position, how many of them before a `*`, and the keywords."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why a call does not fit a signature."""

    reason: str


def form(call: ast.Call) -> Form:
    """The form of a call: calls of one form fit the same signatures."""
    plain = 0
    for value in call.args:
        if isinstance(value, ast.Starred):
            break
        plain += 1
    return len(call.args), plain, tuple([keyword.arg for keyword in call.keywords])


def bind(signature: Signature, call: ast.Call, *, leading: int = 0, partial: bool = False) -> Bound | Misfit:
    """Bind the arguments of `call`; `partial` allows required parameters to be missing."""
    positional = signature.positional
    arguments: list[Argument] = []
    opaque: ast.expr | None = None
    for index, value in enumerate(call.args[leading:] if leading else call.args):
        if isinstance(value, ast.Starred):
            opaque = value
            break
        if index >= len(positional):
            if signature.takes_args:
                continue
            return Misfit(f"takes {len(positional)} positional arguments, not {len(call.args) - leading}")
        arguments.append(Argument(positional[index].name, value, index))
    named = signature.by_name
    given = {argument.parameter for argument in arguments}
    for order, keyword in enumerate(call.keywords, start=len(call.args) - leading):
        name = keyword.arg
        if name is None:
            opaque = opaque or keyword.value
            continue
        if name in given:
            return Misfit(f"gets `{name}` twice")
        if name not in named and not signature.accepts(name):
            return Misfit(f"has no parameter `{name}`")
        given.add(name)
        arguments.append(Argument(name, keyword.value, order, keyword))
    if opaque is None and not partial:
        for name in signature.required:
            if name not in given:
                return Misfit(f"needs `{name}`")
    return Bound(tuple(arguments), opaque, leading)
