"""Which method calls can only be those of a model of Keras, whatever the object is?"""

from __future__ import annotations

import ast

_MODEL, _SEQUENTIAL = "keras.models.Model", "keras.models.Sequential"
ALONE = {
    "fit_generator": _MODEL, "evaluate_generator": _MODEL, "predict_generator": _MODEL, "predict_classes": _SEQUENTIAL,
}  # fmt: skip
"""Methods that no other library has."""

SEQUENTIAL_ALONE = frozenset({"predict_classes", "predict_proba"})
"""Methods that a Sequential has and another model has not: a model that is asked for them is a Sequential."""

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
    return _MODEL if name == "load_weights" and "by_name" in given else None
