# ruff: noqa: UP006, UP031, UP035, UP045, B905, PTH100, PTH109, PTH118, PTH120, PTH123, SIM105, SIM115, RUF100
"""How does each program find Keras as if it were the first? With an empty graph and the settings of a fresh import."""

import random
from typing import Any, Callable, List, Tuple

import numpy as np

Setting = Tuple[Callable[[Any], None], Any]


def settings() -> List[Setting]:
    """How Keras is set now: the setters and what they are to set."""
    from keras import backend

    found: List[Setting] = [
        (backend.set_floatx, backend.floatx()),
        (backend.set_epsilon, backend.epsilon()),
    ]
    if hasattr(backend, "image_data_format"):
        found.append((backend.set_image_data_format, backend.image_data_format()))
    else:
        found.append((backend.set_image_dim_ordering, backend.image_dim_ordering()))
    return found


def fresh(found: List[Setting]) -> None:
    """Forget all models, and set Keras as it was."""
    from keras import backend

    backend.clear_session()
    for setter, value in found:
        setter(value)
    _custom_objects().clear()


def start(seed: int, eager: bool, graph: bool = False) -> None:
    """Seed every source of random numbers, on one thread.

    eager: TensorFlow 2 compiles no functions; graph: it builds one graph, as TensorFlow 1 does.
    """
    random.seed(seed)
    np.random.seed(seed)
    import tensorflow as tf

    if hasattr(tf, "set_random_seed"):
        tf.set_random_seed(seed)
        from keras import backend

        backend.set_session(
            tf.Session(config=tf.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1))
        )
        tf.no_op(name="start")  # K.get_session of Keras 2.0 fails in an empty graph
        return
    if tf.config.threading.get_intra_op_parallelism_threads() != 1:
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(1)
    if graph:
        tf.compat.v1.disable_eager_execution()
    tf.config.run_functions_eagerly(eager)
    tf.random.set_seed(seed)


def order_images(ordering: str) -> None:
    """Let images have their channels first (`th`) or last (`tf`), as a keras.json can say."""
    from keras import backend

    if hasattr(backend, "set_image_dim_ordering"):
        backend.set_image_dim_ordering(ordering)
    else:
        backend.set_image_data_format({"th": "channels_first", "tf": "channels_last"}[ordering])


def sum_variables() -> None:
    """Let `variable += x` mean `variable = variable + x`, as it did before TensorFlow refused it."""
    from tensorflow.python.ops import resource_variable_ops, variables

    for owner in (resource_variable_ops, variables):
        for kind in [value for value in vars(owner).values() if isinstance(value, type) and "Variable" in value.__name__]:
            for name in ("__iadd__", "__isub__", "__imul__", "__itruediv__"):
                if name in vars(kind):
                    delattr(kind, name)


def _custom_objects() -> Any:
    try:
        from keras.utils.generic_utils import get_custom_objects
    except ImportError:
        from keras.utils import get_custom_objects
    return get_custom_objects()
