# ruff: noqa: UP006, UP031, UP035, UP045, B905, PTH100, PTH109, PTH118, PTH120, PTH123, SIM105, SIM115, RUF100
"""What is to be told of the model that a program leaves in `model`?

Its shapes and parameters. With `x`: a forward pass. With `y` too, of a compiled model: the loss, and after `steps`
training steps the loss and the forward pass once more.
"""

from typing import Any, Dict, Optional

from . import weights
from .forward import forward
from .values import plain

Names = Dict[str, Any]


def facts(names: Names, given: Optional[weights.Layers], compute: bool) -> Optional[Dict[str, Any]]:
    """The facts, after the model got the `given` weights; None if there is no model. `compute` it for its inputs?"""
    model = names.get("model")
    if model is None or not hasattr(model, "get_weights") or not hasattr(model, "output_shape"):
        return None
    from keras import backend

    found: Dict[str, Any] = {
        "inputs": plain(model.input_shape),
        "outputs": plain(model.output_shape),
        "parameters": int(model.count_params()),
        "shapes": [[plain(backend.int_shape(weight)) for weight in layer.weights] for layer in weights.layers_of(model)],
    }
    if given is not None:
        try:
            found["initial"] = weights.given(model, given)
        except weights.WeightsDoNotFit as problem:
            found["weights"] = str(problem)
            return found
    if compute and names.get("x") is not None:
        found["forward"] = plain(forward(model, names["x"]))
        if names.get("y") is not None and getattr(model, "optimizer", None) is not None:  # `y` may be a tensor of it
            found.update(_losses(model, names["x"], names["y"], names.get("steps", 0)))
    return found


def _losses(model: Any, x: Any, y: Any, steps: int) -> Dict[str, Any]:
    if getattr(model, "stateful", False):
        model.reset_states()
    found: Dict[str, Any] = {"loss": plain(model.test_on_batch(x, y))}
    if steps:
        found["training"] = [plain(model.train_on_batch(x, y)) for _ in range(steps)]
        found["trained"] = plain(forward(model, x))
    return found
