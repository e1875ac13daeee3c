# ruff: noqa: UP006, UP031, UP035, UP045, B905, PTH100, PTH109, PTH118, PTH120, PTH123, SIM105, SIM115, RUF100
"""What does a model compute for some inputs?"""

from typing import Any, List

import numpy as np


def forward(model: Any, inputs: Any, train: bool = False) -> Any:
    """The outputs of a forward pass: one array, or a list for several outputs. The model has seen nothing before.

    Nor has it after: a call that TensorFlow 2 runs at once leaves its states, a function of the graph does not.
    """
    _forget(model)
    arrays = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
    from keras import backend

    if hasattr(backend, "learning_phase") and not _eager():
        outputs = _graph(backend, model, arrays, train)
    else:
        outputs = _as_list(model(arrays if len(arrays) > 1 else arrays[0], training=train))
    _forget(model)
    found = [np.asarray(item) for item in outputs]
    return found[0] if len(found) == 1 else found


def _forget(model: Any) -> None:
    if getattr(model, "stateful", False):
        model.reset_states()


def _graph(backend: Any, model: Any, arrays: List[Any], train: bool) -> List[Any]:
    phase = backend.learning_phase()
    inputs, outputs = list(model.inputs), list(model.outputs)
    if isinstance(phase, int):
        return list(backend.function(inputs, outputs)(arrays))
    return list(backend.function([*inputs, phase], outputs)([*arrays, 1.0 if train else 0.0]))


def _as_list(value: Any) -> List[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _eager() -> bool:
    import tensorflow as tf

    return hasattr(tf, "executing_eagerly") and bool(tf.executing_eagerly())
