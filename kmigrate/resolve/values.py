"""What an expression can be: the closed union of values that the evaluator tells apart."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from kmigrate.resolve.scopes import FunctionNode, ModuleScope, Scope


@dataclass(frozen=True, slots=True)
class KerasModule:
    """A module of Keras, by its Keras 1 path as imported."""

    path: str


@dataclass(frozen=True, slots=True)
class KerasName:
    """A class, function or constant of Keras 1, by its documented path; `spelled` is the path it was reached by."""

    path: str
    spelled: str = ""


@dataclass(frozen=True, slots=True)
class NewName:
    """A name that only Keras 2 has: the file speaks Keras 2 there."""

    path: str


@dataclass(frozen=True, slots=True)
class Instance:
    """An object of a Keras class."""

    cls: str


@dataclass(frozen=True, slots=True)
class KerasMember:
    """A member of a Keras class reached through an object (`bound`) or through the class itself."""

    cls: str
    name: str
    bound: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Tensor:
    """A symbolic tensor of the graph of layers: from `Input`, from a layer call, or `model.output`: one object, `TENSOR`."""


@dataclass(frozen=True, slots=True)
class RawTensor:
    """What a backend function or an operator made; `of_graph` if it was made from a tensor of the graph of layers."""

    of_graph: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What a Keras function returned that has no better description (`keras.backend.image_dim_ordering`)."""

    function: str


@dataclass(frozen=True, slots=True)
class UserModule:
    """A module or package of the user's project, by the key of its scopes."""

    key: str


@dataclass(frozen=True, slots=True)
class UserClass:
    """A class of the user's project."""

    node: ast.ClassDef
    module: ModuleScope


@dataclass(frozen=True, slots=True)
class UserObject:
    """An object of a class of the user's project."""

    cls: UserClass


@dataclass(frozen=True, slots=True)
class UserFunction:
    """A function or lambda of the user's project; `owner` is the class it was reached through."""

    node: FunctionNode
    scope: Scope
    owner: UserClass | None = None


@dataclass(frozen=True, slots=True)
class Partial:
    """`functools.partial(function, ...)`."""

    function: Value
    call: ast.Call


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list or tuple with known items (or items of one kind)."""

    items: tuple[frozenset[Value], ...]
    homogeneous: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A dict with known values; a key is None where it is no literal."""

    items: tuple[tuple[str | int | float | bool | bytes | complex | None, frozenset[Value]], ...]


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal scalar."""

    value: str | int | float | bool | bytes | complex | None


@dataclass(frozen=True, slots=True, eq=False)
class Other:
    """Certainly nothing of Keras: another library's, a literal container, a builtin: one object, `OTHER`."""


@dataclass(frozen=True, slots=True, eq=False)
class Unknown:
    """Nobody knows: one object, `UNKNOWN`."""


Value: TypeAlias = (
    KerasModule | KerasName | NewName | Instance | KerasMember | Tensor | RawTensor | Result | UserModule | UserClass
    | UserObject | UserFunction | Partial | Sequence | Table | Literal | Other | Unknown
)  # fmt: skip
Values: TypeAlias = frozenset[Value]

UNKNOWN: Values = frozenset({Unknown()})
OTHER: Values = frozenset({Other()})
NONE: Values = frozenset({Literal(None)})
"""An object that may also be None is asked for what else it may be: None has no methods of Keras."""
TENSOR: Values = frozenset({Tensor()})

HISTORY: Values = frozenset({Sequence((frozenset({Instance("keras.layers.Layer")}), OTHER, OTHER))})
"""The `_keras_history` of a tensor: the layer that made it, and two numbers."""
NOTHING: Values = frozenset()


def of_graph(value: object) -> bool:
    """Whether a value is a tensor of the graph of layers, or was made from one."""
    return isinstance(value, Tensor) or (isinstance(value, RawTensor) and value.of_graph)


def only(values: Values) -> Value | None:
    """The value, if there is but one; of a name of Keras that comes on several ways (`K.sum`, where a star import brings `K`
    once more), the one with the shortest path."""
    if len(values) == 1:
        return next(iter(values))
    names = [value for value in values if isinstance(value, KerasName)]
    if not names or len(names) < len(values) or len({name.path for name in names}) > 1:
        return None
    return min(names, key=lambda name: (len(name.spelled), name.spelled))
