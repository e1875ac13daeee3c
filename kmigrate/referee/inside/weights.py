# ruff: noqa: UP006, UP031, UP035, UP045, B905, PTH100, PTH105, PTH109, PTH118, PTH120, PTH123, SIM105, SIM115, RUF100
"""How do the weights of a Keras 1 model get into its Keras 2 counterpart? By Keras 2's own conversion, layer by layer.

Nested models count as their layers, so that a model that was merged in another way still gets its weights.
"""

import json
import os
from typing import Any, Dict, List, Optional

import numpy as np

Layers = List[Dict[str, Any]]
"""Of each layer with weights: its name, its class and its weights."""


class WeightsDoNotFit(Exception):
    """The Keras 2 model has other layers or other shapes."""


def layers_of(model: Any) -> List[Any]:
    """The layers with weights, in the order in which `save_weights` of that Keras writes them."""
    return [layer for layer in leaves(model) if layer.weights]


def leaves(model: Any) -> List[Any]:
    """The layers of a model and of the models in it, also of those in a wrapper, each once."""
    found: List[Any] = []
    for layer in getattr(model, "flattened_layers", None) or model.layers:
        nested = [part for part in (layer, getattr(layer, "layer", None)) if getattr(part, "layers", None) is not None]
        for leaf in leaves(nested[0]) if nested else [layer]:
            if not any(leaf is other for other in found):
                found.append(leaf)
    return found


def taken(model: Any) -> Layers:
    """The weights of a model."""
    layers = layers_of(model)
    return [{"name": layer.name, "class": _kind(layer), "weights": layer.get_weights()} for layer in layers]


def given(model: Any, layers: Layers) -> List[Any]:
    """Set the weights of a Keras 2 model to those of a Keras 1 model; WeightsDoNotFit says what is different.

    Tells of each weight how it looked on Keras 1 and how it looked here before.
    """
    looks = []
    targets = layers_of(model)
    if len(targets) != len(layers):
        raise WeightsDoNotFit("%s layers with weights, were %s" % (_names(targets), [item["class"] for item in layers]))
    for target, item in zip(targets, layers):
        new = converted(target, item["weights"])
        shapes = [tuple(np.shape(weight)) for weight in new]
        here = target.get_weights()
        expected = [tuple(np.shape(weight)) for weight in here]
        if shapes != expected:
            raise WeightsDoNotFit("%s %s expects %s, got %s" % (_kind(target), target.name, expected, shapes))
        target.set_weights(new)
        looks += [[look(one), look(other)] for one, other in zip(new, here)]
    return looks


MANY = 250
"""So many random numbers tell their deviation."""


def look(weight: Any) -> Any:
    """The value if all are one; else the deviation, if there are enough of them to tell, or "random".

    A lone number is random unless it is 0 or 1.
    """
    numbers = np.asarray(weight, dtype="float64").ravel()
    if (numbers.size > 1 and np.all(numbers == numbers[0])) or (numbers.size == 1 and numbers[0] in (0.0, 1.0)):
        return float(numbers[0])
    return {"deviation": float(numbers.std())} if numbers.size >= MANY else "random"


def converted(layer: Any, weights: List[Any]) -> List[Any]:
    """Keras 1 weights in the layout of a Keras 2 layer.

    Keras 2's conversion forgets two layers that are `channels_first`. On Keras 1 they stay as they are.
    """
    if _is_keras1():
        return weights
    kind = _kind(layer)
    if kind == "TimeDistributed":  # from 2.1.3 on Keras converts twice what is in it
        return converted(layer.layer, weights)
    first = getattr(layer, "data_format", None) == "channels_first"
    if first and kind == "SeparableConv2D":
        return [np.transpose(weight, (2, 3, 1, 0)) if np.ndim(weight) == 4 else weight for weight in weights]
    if first and kind == "ConvLSTM2D" and len(weights) == 12:
        gates = [weights[0:3], weights[6:9], weights[3:6], weights[9:12]]  # Keras 1 has the cell before the forget gate
        kernels = [np.concatenate([np.transpose(gate[i], (2, 3, 1, 0)) for gate in gates], axis=-1) for i in (0, 1)]
        return [*kernels, np.concatenate([gate[2] for gate in gates])]
    return list(_conversion()(layer, list(weights), original_keras_version="1", original_backend="tensorflow"))


def flat(model: Any, layers: Layers) -> List[Any]:
    """The converted weights as one list, for `model.set_weights`."""
    return [weight for layer, item in zip(layers_of(model), layers) for weight in converted(layer, item["weights"])]


def save(path: str, models: Dict[str, Layers]) -> None:
    """Write the weights of some models."""
    arrays = {}
    for key, layers in models.items():
        for number, item in enumerate(layers):
            for index, weight in enumerate(item["weights"]):
                arrays["%s|%d|%d" % (key, number, index)] = weight
    listing = {
        key: [{"name": item["name"], "class": item["class"], "count": len(item["weights"])} for item in layers]
        for key, layers in models.items()
    }
    arrays["index"] = np.frombuffer(json.dumps(listing).encode(), dtype="uint8")
    draft = "%s.%d" % (path, os.getpid())  # another run may read the file or write the same
    with open(draft, "wb") as stream:
        np.savez(stream, **arrays)
    os.replace(draft, path)


def load(path: str) -> Dict[str, Layers]:
    """Read the weights of some models."""
    with np.load(path) as arrays:
        index = json.loads(arrays["index"].tobytes().decode())
        return {
            key: [
                dict(item, weights=[arrays["%s|%d|%d" % (key, number, i)] for i in range(item["count"])])
                for number, item in enumerate(layers)
            ]
            for key, layers in index.items()
        }


def _names(layers: List[Any]) -> List[str]:
    return [_kind(layer) for layer in layers]


def _is_keras1() -> bool:
    import keras

    return bool(keras.__version__.startswith("1."))


def _kind(layer: Any) -> str:
    return type(layer).__name__


def _conversion() -> Any:
    import importlib

    for path in ("keras.engine.saving", "keras.engine.topology", "keras.src.saving.legacy.hdf5_format"):
        found = _attribute(importlib, path)
        if found is not None:
            return found
    raise ImportError("this Keras has no preprocess_weights_for_loading")


def _attribute(importlib: Any, path: str) -> Optional[Any]:
    try:
        return getattr(importlib.import_module(path), "preprocess_weights_for_loading", None)
    except ImportError:
        return None
