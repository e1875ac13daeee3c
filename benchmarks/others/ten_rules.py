"""Which ten renames do all of them make: a name of Keras 1, its new name, and its keywords."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Renaming:
    """A class or function by its dotted name, what it is called now, and the new names of its keywords."""

    old: str
    new: str
    keywords: dict[str, str] = field(default_factory=dict)

    @property
    def last(self) -> tuple[str, str]:
        """The last parts of both names."""
        return self.old.rpartition(".")[2], self.new.rpartition(".")[2]


_WEIGHTS = {"output_dim": "units", "init": "kernel_initializer", "W_regularizer": "kernel_regularizer"}
_RECURRENT = {"output_dim": "units", "init": "kernel_initializer", "inner_init": "recurrent_initializer"}
_CONVOLUTION = {"nb_filter": "filters", "border_mode": "padding", "subsample": "strides", "init": "kernel_initializer"}

CALLS = (
    Renaming("keras.layers.Dense", "keras.layers.Dense", _WEIGHTS),
    Renaming("keras.layers.Dropout", "keras.layers.Dropout", {"p": "rate"}),
    Renaming("keras.layers.Convolution1D", "keras.layers.Conv1D", _CONVOLUTION),
    Renaming("keras.layers.Convolution2D", "keras.layers.Conv2D", _CONVOLUTION),
    Renaming("keras.layers.MaxPooling2D", "keras.layers.MaxPooling2D", {"border_mode": "padding"}),
    Renaming("keras.layers.LSTM", "keras.layers.LSTM", _RECURRENT),
    Renaming("keras.layers.GRU", "keras.layers.GRU", _RECURRENT),
    Renaming("keras.models.Model", "keras.models.Model", {"input": "inputs", "output": "outputs"}),
)
"""Eight of the ten; where they may be imported from is folded into `keras.layers` and `keras.models`."""

METHODS = {"fit": {"nb_epoch": "epochs"}, "fit_generator": {"nb_epoch": "epochs", "nb_worker": "workers"}}
"""The other two, by the name of the method alone: none of these tools knows the type of what stands before it."""


def known(name: str) -> Renaming | None:
    """The renaming of a dotted name, wherever below `keras.layers` and `keras.models` it is imported from."""
    top, _, last = name.rpartition(".")
    place = next(
        (place for place in ("keras.layers", "keras.models") if top == place or top.startswith(f"{place}.")), None
    )
    return _BY_NAME.get(f"{place}.{last}") if place is not None else None


_BY_NAME = {item.old: item for item in CALLS}
