"""What does a name in a rule mean in one version of Keras, and which parameters does it take?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kmigrate.keras.signatures import Knowledge, Parameter, Signature
from kmigrate.ruleset.near import nearest, nearest_path

OF_EVERY_LAYER = frozenset(
    {"input_shape", "batch_input_shape", "input_dtype", "name", "trainable", "weights", "input_dim", "input_length"}
)
"""Optional arguments that layers take in Keras 1: no rule has to mention one that its Keras 2 layer takes as well."""

OF_RECURRENT = frozenset({"input_dim", "input_length"})
"""What recurrent layers of every Keras 2 take through `**kwargs`, although no signature says so (measured)."""


@dataclass(frozen=True, slots=True)
class Callee:
    """A class, function or method of one Keras version; without a signature nothing is known of its parameters."""

    name: str
    version: str
    signature: Signature | None
    ancestors: tuple[str, ...] = ()

    @property
    def is_layer(self) -> bool:
        """Whether this is a class of layers."""
        return "keras.layers.Layer" in self.ancestors

    def accepts(self, parameter: str) -> bool:
        """Whether a call may name this parameter."""
        if self.signature is None or self.signature.accepts(parameter):
            return True
        recurrent = {"keras.layers.RNN", "keras.layers.Recurrent"}.intersection(self.ancestors)
        return bool(recurrent) and parameter in OF_RECURRENT

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of this name, unless it goes through `**kwargs`."""
        return self.signature.parameter(name) if self.signature else None

    @property
    def named(self) -> list[Parameter]:
        """The parameters that have a name of their own."""
        parameters = self.signature.parameters if self.signature else ()
        return [parameter for parameter in parameters if parameter.kind in ("positional", "keyword")]

    def to_mention(self, targets: Sequence[Callee]) -> list[str]:
        """The parameters that a rule must account for when its result is a call of one of `targets`."""
        named = [parameter.name for parameter in self.named]
        if not self.is_layer:
            return named
        required = {parameter.name for parameter in self.named if parameter.default is None}
        shared = {name for name in OF_EVERY_LAYER - required if all(target.accepts(name) for target in targets)}
        through = sorted(name for name in OF_EVERY_LAYER.difference(named) if self.accepts(name))
        return [name for name in (*named, *through) if name not in shared]

    def near(self, parameter: str) -> str:
        """The parameter that the author may have meant, or all there are."""
        through = self.signature.keywords if self.signature and self.signature.keywords else frozenset()
        known = [found.name for found in self.named] + sorted(through)
        return nearest(parameter, known) or (f"; it takes {', '.join(known)}" if known else "; it takes none")


def callee(keras: Knowledge, name: str) -> Callee | None:
    """The class, function or method of this dotted name."""
    found = keras.get(name)
    if found:
        return Callee(name, keras.version, found.signature, keras.ancestors(name))
    owner, _, method = name.rpartition(".")
    member = keras.member(owner, method) if owner else None
    return Callee(name, keras.version, member.signature) if member else None


def exists(keras: Knowledge, name: str) -> bool:
    """Whether the dotted name is a module, an object or a member of a class."""
    return keras.canonical(name) is not None or callee(keras, name) is not None


def unknown(keras: Knowledge, name: str) -> str:
    """The complaint about a dotted name that does not exist, with the nearest one that does."""
    owner, _, last = name.rpartition(".")
    classes = [keras.get(ancestor) for ancestor in keras.ancestors(owner)] if owner else []
    if classes:
        members = {member for found in classes if found for member in found.members}
        return f"{owner} has no `{last}` in Keras {keras.version}{nearest(last, members)}"
    return f"Keras {keras.version} has no `{name}`{nearest_path(name, [*keras.paths(), *keras.modules])}"
