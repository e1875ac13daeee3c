"""Which method calls can only be those of a model of Keras, whatever the object is?"""

from __future__ import annotations

import ast
import re

_MODEL, _SEQUENTIAL = "keras.models.Model", "keras.models.Sequential"
ALONE = {
    "fit_generator": _MODEL, "evaluate_generator": _MODEL, "predict_generator": _MODEL, "predict_classes": _SEQUENTIAL,
}  # fmt: skip
"""Methods that no other library has."""

SEQUENTIAL_ALONE = frozenset({"predict_classes", "predict_proba"})
"""Methods that a Sequential has and another model has not: a model that is asked for them is a Sequential."""

_MADE_UP = re.compile(r"[a-z0-9]+_[0-9]+")
"""How Keras 1 names a layer that the program gives no name."""

_OF_TRAINING = frozenset({"callbacks", "validation_data", "validation_split"})


def model_called(name: str, call: ast.Call) -> str | None:
    """The Keras class of which a method is called, if its name or the keywords tell it."""
    given = {keyword.arg for keyword in call.keywords}
    if name in ALONE:
        return ALONE[name]
    if name == "compile" and given >= {"loss", "optimizer"}:
        return _MODEL
    if name == "fit" and given & _OF_TRAINING and "epochs" not in given:
        return _MODEL
    if name == "get_layer" and _made_up(call):
        return _MODEL
    if name == "add_loss":
        return "keras.layers.Layer"
    return _MODEL if name == "load_weights" and "by_name" in given else None


def _made_up(call: ast.Call) -> bool:
    """Whether a layer is asked for by a name like `dense_1`."""
    asked = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "name")]
    texts = [name.value for name in asked if isinstance(name, ast.Constant) and isinstance(name.value, str)]
    return any(_MADE_UP.fullmatch(text) for text in texts)
