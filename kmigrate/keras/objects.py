"""What is known of one Keras class, function or method: its parameters, members and results?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Signature:
    """The parameters of a call, without self."""

    parameters: tuple[Parameter, ...]
    positional_limit: int | None = None  # Keras 2.0-2.3 refuse more positional arguments than this
    keywords: frozenset[str] | None = None  # what **kwargs takes; None: anything, as far as is known

    @property
    def positional(self) -> tuple[Parameter, ...]:
        """The parameters that a positional argument can reach, whatever the limit."""
        return tuple(parameter for parameter in self.parameters if parameter.kind == "positional")

    @property
    def takes_kwargs(self) -> bool:
        return any(parameter.kind == "kwargs" for parameter in self.parameters)

    def parameter(self, name: str) -> Parameter | None:
        """The parameter that a keyword argument of this name binds by name; **kwargs is not one."""
        return next((p for p in self.parameters if p.name == name and p.kind in ("positional", "keyword")), None)

    def position(self, name: str) -> int | None:
        """The index of a positional parameter."""
        return next((index for index, parameter in enumerate(self.positional) if parameter.name == name), None)

    def accepts(self, keyword: str) -> bool:
        """Whether a call may use this keyword, by name or through **kwargs."""
        if self.parameter(keyword):
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
