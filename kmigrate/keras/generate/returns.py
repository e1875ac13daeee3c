"""What do Keras functions and methods return, where introspection can't tell?

Written by hand: `keras_tensor` (knows the layer it came from), `backend_tensor`, or the primary path of a class.
"""

from __future__ import annotations

KERAS_TENSOR = "keras_tensor"
BACKEND_TENSOR = "backend_tensor"
MODEL = "keras.models.Model"
LAYER = "keras.layers.Layer"
HISTORY = "keras.callbacks.History"

# Functions of keras.backend that return something else than one tensor.
NOT_TENSORS = frozenset(
    """
    backend batch_get_value batch_set_value cast_to_floatx clear_session control_dependencies count_params
    ctc_decode dtype eager epsilon eval floatx function get_graph get_session get_uid get_value
    get_variable_shape gradients image_data_format image_dim_ordering int_shape is_keras_tensor is_placeholder
    is_sparse is_symbolic is_tensor is_variable learning_phase_scope legacy_weight_ordering
    manual_variable_initialization name_scope ndim normalize_batch_in_training normalize_data_format py_all
    py_any py_slice py_sum reset_uids rnn set_epsilon set_floatx set_image_data_format set_image_dim_ordering
    set_learning_phase set_legacy_weight_ordering set_session set_value symbolic tf_major_version
    """.split()
)

FUNCTIONS = {
    "keras.backend.function": "keras.backend.Function",
    "keras.layers.Input": KERAS_TENSOR,
    "keras.layers.deserialize": LAYER,
    "keras.layers.merge": KERAS_TENSOR,
    "keras.models.clone_model": MODEL,
    "keras.models.load_model": MODEL,
    "keras.models.model_from_config": MODEL,
    "keras.models.model_from_json": MODEL,
    "keras.models.model_from_yaml": MODEL,
    "keras.optimizers.deserialize": "keras.optimizers.Optimizer",
    "keras.optimizers.get": "keras.optimizers.Optimizer",
    "keras.optimizers.optimizer_from_config": "keras.optimizers.Optimizer",
    "keras.regularizers.activity_l1": "keras.regularizers.L1L2Regularizer",
    "keras.regularizers.activity_l1l2": "keras.regularizers.L1L2Regularizer",
    "keras.regularizers.activity_l2": "keras.regularizers.L1L2Regularizer",
    "keras.regularizers.l1l2": "keras.regularizers.L1L2Regularizer",
    "keras.regularizers.l1_l2": "keras.regularizers.L1L2",
    "keras.utils.layer_utils.layer_from_config": LAYER,
    "keras.utils.multi_gpu_model": MODEL,
}
REGULARIZERS = {"1.2.2": "keras.regularizers.L1L2Regularizer"}

# Lower-case functions of keras.layers (add, concatenate, …) that apply a layer to tensors.
MERGES = frozenset({"add", "average", "concatenate", "dot", "maximum", "minimum", "multiply", "subtract"})

# Modules whose functions compute tensors, and the functions in them that don't.
TENSOR_MODULES = ("keras.activations", "keras.initializations", "keras.losses", "keras.metrics", "keras.objectives")
LOOKUPS = frozenset({"deserialize", "get", "get_fans", "get_from_module", "is_categorical_crossentropy", "serialize"})

MEMBERS = {
    "__call__": {LAYER: KERAS_TENSOR},
    "get_input_at": {LAYER: KERAS_TENSOR},
    "get_output_at": {LAYER: KERAS_TENSOR},
    "input": {LAYER: KERAS_TENSOR},
    "output": {LAYER: KERAS_TENSOR},
    "from_config": {
        LAYER: LAYER,
        "keras.engine.topology.Container": MODEL,
        "keras.models.Sequential": "keras.models.Sequential",
        "keras.optimizers.Optimizer": "keras.optimizers.Optimizer",
    },
    "get_layer": {"*": LAYER},
    "fit": {"*": HISTORY},
    "fit_generator": {"*": HISTORY},
    "flow": {"keras.preprocessing.image.ImageDataGenerator": "keras.preprocessing.image.NumpyArrayIterator"},
    "flow_from_directory": {
        "keras.preprocessing.image.ImageDataGenerator": "keras.preprocessing.image.DirectoryIterator"
    },
    "model": {
        "keras.callbacks.Callback": MODEL,
        "keras.models.Sequential": MODEL,
        "keras.wrappers.scikit_learn.BaseWrapper": MODEL,
    },
    "optimizer": {MODEL: "keras.optimizers.Optimizer"},
}
FITTED = ("keras.models.", "keras.wrappers.", "keras.engine.", "keras.legacy.models.")


def returned(path: str, version: str) -> str | None:
    """What a function returns, by its primary path."""
    module, _, name = path.rpartition(".")
    if path in FUNCTIONS:
        return FUNCTIONS[path]
    if path in ("keras.regularizers.l1", "keras.regularizers.l2"):
        return REGULARIZERS.get(version, "keras.regularizers.L1L2")
    if module == "keras.applications":
        return MODEL
    if module == "keras.layers" and name in MERGES:
        return KERAS_TENSOR
    if name.startswith("_"):
        return None
    tensor = (module == "keras.backend" and name not in NOT_TENSORS) or (
        module in TENSOR_MODULES and name not in LOOKUPS
    )
    return BACKEND_TENSOR if tensor else None


def member_returned(ancestors: list[str], name: str) -> str | None:
    """What a method returns, or a property or attribute holds; `ancestors` begins with the class that defines it."""
    owners = MEMBERS.get(name, {})
    if "*" in owners and ancestors[0].startswith(FITTED):
        return owners["*"]
    return next((owners[cls] for cls in ancestors if cls in owners), None)
