"""What is known of one Keras class, function or method: its parameters, members and results?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

ParameterKind = Literal["positional", "keyword", "args", "kwargs"]
MemberKind = Literal["method", "classmethod", "staticmethod", "property", "attribute"]
ObjectKind = Literal["class", "function", "constant"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; `default` is source text, or the name of the function or class that is the default."""

    name: str
    kind: ParameterKind
    default: str | None = None

    @property
    def required(self) -> bool:
        """Whether a call must give it."""
        return self.default is None and self.kind in ("positional", "keyword")


@dataclass(frozen=True, eq=False)
class Signature:
    """The parameters of a call, without self. Every call asks it many times: what it derives is remembered.

    Each is one of its kind, as the tables hold it: answers are remembered by it.
    """

    parameters: tuple[Parameter, ...]
    positional_limit: int | None = None  # Keras 2.0-2.3 refuse more positional arguments than this
    keywords: frozenset[str] | None = None  # what **kwargs takes; None: anything, as far as is known

    @cached_property
    def positional(self) -> tuple[Parameter, ...]:
        """The parameters that a positional argument can reach, whatever the limit."""
        return tuple(parameter for parameter in self.parameters if parameter.kind == "positional")

    @cached_property
    def takes_args(self) -> bool:
        """Whether there is a parameter for any number of positional arguments."""
        return any(parameter.kind == "args" for parameter in self.parameters)

    @cached_property
    def takes_kwargs(self) -> bool:
        """Whether there is a parameter for any keyword."""
        return any(parameter.kind == "kwargs" for parameter in self.parameters)

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The parameters that a call must give."""
        return tuple(parameter.name for parameter in self.parameters if parameter.required)

    @cached_property
    def by_name(self) -> dict[str, Parameter]:
        """The parameters that a keyword argument binds by name."""
        return {p.name: p for p in self.parameters if p.kind in ("positional", "keyword")}

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {parameter.name: index for index, parameter in enumerate(self.positional)}

    def parameter(self, name: str) -> Parameter | None:
        """The parameter that a keyword argument of this name binds by name; **kwargs is not one."""
        return self.by_name.get(name)

    def position(self, name: str) -> int | None:
        """The index of a positional parameter."""
        return self._positions.get(name)

    def accepts(self, keyword: str) -> bool:
        """Whether a call may use this keyword, by name or through **kwargs."""
        if keyword in self.by_name:
            return True
        return self.takes_kwargs and (self.keywords is None or keyword in self.keywords)


@dataclass(frozen=True, slots=True)
class Member:
    """A method, property or attribute; `owner` is the primary path of the class that defines it."""

    name: str
    kind: MemberKind
    signature: Signature | None
    returns: str | None
    owner: str


@dataclass(frozen=True, slots=True)
class KerasObject:
    """A class, function or constant; for a class the signature is that of its constructor.

    `returns` is "keras_tensor", "backend_tensor", the primary path of a class, or unknown.
    """

    path: str
    kind: ObjectKind
    defined: str
    signature: Signature | None
    bases: tuple[str, ...]
    members: Mapping[str, Member]  # its own ones: Knowledge.member looks through the bases too
    returns: str | None
