"""Which members of Keras 1 does no environment tell of, though code of 2016 uses them?

From the sources of Keras 1.0.0 to 1.2.1, compared with those of 1.2.2, and private ones of 1.2.2: members that code outside of
Keras has a reason to use.
"""

from __future__ import annotations

EARLIER: dict[str, tuple[str, ...]] = {
    "keras.callbacks.Callback": ("_set_model", "_set_params"),  # keras/callbacks.py until 1.2.0
    "keras.callbacks.CallbackList": ("_set_model", "_set_params"),  # the same
    "keras.layers.Layer": ("add_updates", "set_input"),  # keras/engine/topology.py until 1.1.2 and 1.1.0
    "keras.models.Model": (  # keras/engine/training.py of every version: called before set_weights of an optimizer, defined anew
        "_make_predict_function", "_make_test_function", "_make_train_function",
        "_fit_loop", "_predict_loop", "_test_loop", "_standardize_user_data",  # the same
        "_collected_trainable_weights", "_function_kwargs",
    ),
    "keras.models.Sequential": ("_flattened_layers", "_gather_dict_attr", "_gather_list_attr"),  # keras/models.py
    "keras.optimizers.Optimizer": ("get_state", "set_state"),  # keras/optimizers.py until 1.1.0
    "keras.preprocessing.image.Iterator": ("N",),  # keras/preprocessing/image.py until 1.2.0
    "keras.preprocessing.image.NumpyArrayIterator": ("X",),  # the same
}
"""Names by the class that had them."""
