"""How can a call be written? With arguments by position, by keyword, or both; a call binds by the signature of 1.2.2."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st

from kmigrate.keras.signatures import KERAS_1, Parameter, Signature, knowledge

Draw = st.DrawFn


def parameters(name: str) -> tuple[Parameter, ...]:
    """The parameters of a class, function or method that can be given by position."""
    return tuple(parameter for parameter in _signature(name).parameters if parameter.kind == "positional")


def keywords(name: str) -> frozenset[str]:
    """The names that its `**kwargs` takes."""
    return _signature(name).keywords or frozenset()


def _signature(name: str) -> Signature:
    known = knowledge(KERAS_1)
    owner, _, leaf = name.rpartition(".")
    found = known.get(name) or known.member(owner, leaf)
    if found is None or found.signature is None:
        raise KeyError(name)
    return found.signature


@st.composite
def call(draw: Draw, name: str, arguments: Mapping[str, str]) -> str:
    """The text of a call of `name` with these arguments.

    The first few go by position; what lies between them and is not given is written out as its default.
    """
    order = parameters(name)
    given = [number for number, parameter in enumerate(order) if parameter.name in arguments]
    count = draw(st.sampled_from([0, *(number + 1 for number in given)]))
    texts = [
        arguments.get(parameter.name, parameter.default or "None") for parameter in order[:count]
    ]  # an argument without a default is always given
    placed = {parameter.name for parameter in order[:count]}
    rest = draw(st.permutations([key for key in arguments if key not in placed]))
    return f"<{name}>({', '.join([*texts, *(f'{key}={arguments[key]}' for key in rest)])})"


def method(owner: str, text: str) -> str:
    """The call of a method of a class as one of the object `owner`."""
    name, _, rest = text.partition(">(")
    return f"{owner}.{name.rpartition('.')[2]}({rest}"
