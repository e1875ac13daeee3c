# ruff: noqa: UP006, UP031, UP035, UP045, B905, PTH100, PTH109, PTH118, PTH119, PTH120, PTH123, SIM105, SIM115, RUF100
"""What does a script find in place of the weights of a well-known network? Numbers that are the same on every Keras."""

import functools
import importlib
from typing import Any

import numpy as np

from .weights import layers_of

NETWORKS = {
    "vgg16": "VGG16",
    "vgg19": "VGG19",
    "resnet50": "ResNet50",
    "inception_v3": "InceptionV3",
    "xception": "Xception",
}
KNOWN = "imagenet"


class Pretrained:
    """The networks that scripts load with weights; `loaded` says whether one did."""

    def __init__(self) -> None:
        self.loaded = False

    def install(self) -> None:
        """Replace the functions that make the networks."""
        for name, function in NETWORKS.items():
            try:
                module = importlib.import_module("keras.applications." + name)
            except ImportError:
                continue
            made = self._hooked(getattr(module, function))
            for place in (module, importlib.import_module("keras.applications")):
                setattr(place, function, made)

    def _hooked(self, original: Any) -> Any:
        @functools.wraps(original)
        def make(include_top: Any = True, weights: Any = KNOWN, *args: Any, **kwargs: Any) -> Any:
            if weights != KNOWN:
                return original(include_top, weights, *args, **kwargs)
            state = np.random.get_state()  # who loads weights draws no numbers
            model = original(include_top, None, *args, **kwargs)
            np.random.set_state(state)
            self.loaded = True
            for number, layer in enumerate(layers_of(model)):
                layer.set_weights([_fixed(weight, number) for weight in layer.get_weights()])
            return model

        return make


def _fixed(weight: Any, seed: int) -> Any:
    """Kernels by chance, of a size at which numbers neither grow nor vanish; the rest as every network starts."""
    if np.ndim(weight) < 2:
        return weight
    size = np.sqrt(2.0 / np.prod(np.shape(weight)[:-1]))
    return np.random.RandomState(seed).normal(scale=size, size=np.shape(weight))
