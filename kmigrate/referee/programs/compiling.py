"""How is a model compiled and trained? Every optimizer, loss and metric, by string and by object; how arrays train it."""

from __future__ import annotations

from hypothesis import strategies as st

from kmigrate.referee.programs.calls import Draw, call, keywords, method, parameters
from kmigrate.referee.programs.text import Imports, Written, written
from kmigrate.referee.programs.values import texts

OPTIMIZERS = ("SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "Adamax", "Nadam")
OPTIONS = {
    "lr": texts(0.1, 0.01), "momentum": texts(0.0, 0.9), "decay": texts(0.0, 0.1), "nesterov": texts(False, True),
    "rho": texts(0.9, 0.8), "epsilon": texts(1e-8, 1e-6, 1e-3), "beta_1": texts(0.9, 0.8),
    "beta_2": texts(0.999, 0.99), "schedule_decay": texts(0.004, 0.01), "clipnorm": texts(1.0, 0.1),
    "clipvalue": texts(0.5, 0.1),
}  # fmt: skip

PLAIN = "R(4, 3, seed=1)"
POSITIVE = "R(4, 3, seed=1, kind='uniform')"
CLASSES = "np.eye(3)[[0, 2, 1, 1]]"
NUMBERS = "np.array([[0], [2], [1], [1]])"
SIGNS = "np.sign(R(4, 3, seed=1))"
BITS = "(R(4, 3, seed=1) > 0).astype('float32')"

LOSSES = {
    "mean_squared_error": ("linear", PLAIN), "mse": ("linear", PLAIN), "mean_absolute_error": ("tanh", PLAIN),
    "mae": ("linear", PLAIN), "mean_absolute_percentage_error": ("sigmoid", POSITIVE), "mape": ("linear", PLAIN),
    "mean_squared_logarithmic_error": ("sigmoid", POSITIVE), "msle": ("sigmoid", POSITIVE),
    "squared_hinge": ("tanh", SIGNS), "hinge": ("tanh", SIGNS), "binary_crossentropy": ("sigmoid", BITS),
    "categorical_crossentropy": ("softmax", CLASSES), "sparse_categorical_crossentropy": ("softmax", NUMBERS),
    "kullback_leibler_divergence": ("softmax", CLASSES), "kld": ("softmax", CLASSES), "poisson": ("softplus", POSITIVE),
    "cosine_proximity": ("linear", PLAIN), "cosine": ("linear", PLAIN),
}  # fmt: skip
"""Of each loss: the activation before it, and targets that it takes."""

METRICS = (
    "accuracy", "acc", "mse", "mae", "binary_accuracy", "mean_squared_error", "cosine_proximity", "hinge", "precision",
    "fmeasure",
)  # fmt: skip
HEAD = (
    "model = <keras.models.Sequential>()\nmodel.add(<keras.layers.Dense>(3, input_dim=4, activation={!r}))\nx = R(4, 4)"
)


@st.composite
def optimized(draw: Draw, name: str) -> Written:
    """A model that is trained with an optimizer."""
    path = f"keras.optimizers.{name}"
    if draw(st.integers(0, 5)) == 0:
        optimizer = repr(draw(st.sampled_from([name.lower(), name])))
    else:
        possible = [key for key in OPTIONS if key in _parameters(path)]
        chosen = draw(st.sets(st.sampled_from(possible), max_size=3))
        optimizer = draw(call(path, {key: draw(OPTIONS[key]) for key in sorted(chosen)}))
    lines = [HEAD.format("tanh"), f"y = {PLAIN}", "steps = 3", f"model.compile({optimizer}, 'mse')"]
    return written(f"optimizer {name}", "\n".join(lines), draw(st.sampled_from(Imports)))


@st.composite
def lossy(draw: Draw) -> Written:
    """A model that is compiled with a loss and metrics."""
    name = draw(st.sampled_from(sorted(LOSSES)))
    activation, targets = LOSSES[name]
    loss = draw(st.sampled_from([repr(name), f"<keras.objectives.{name}>"]))
    arguments = {"optimizer": draw(st.sampled_from(["'sgd'", "'rmsprop'", "<keras.optimizers.SGD>()"])), "loss": loss}
    if name != "sparse_categorical_crossentropy" and draw(st.booleans()):
        metrics = draw(st.lists(st.sampled_from(METRICS), min_size=1, max_size=2, unique=True))
        as_functions = draw(st.booleans())
        arguments["metrics"] = f"[{', '.join(_metric(metric, as_functions) for metric in metrics)}]"
    compiled = method("model", draw(call("keras.models.Sequential.compile", arguments)))
    body = [HEAD.format(activation), f"y = {targets}", compiled]
    numpy = ["import numpy as np"] if "np." in targets else []
    return written("losses", "\n".join([*numpy, *body]), draw(st.sampled_from(Imports)))


def _metric(name: str, as_function: bool) -> str:
    return f"<keras.metrics.{name}>" if as_function and name not in ("accuracy", "acc") else repr(name)


FIT = {
    "batch_size": texts(1, 2, 3), "nb_epoch": texts(1, 2), "verbose": texts(0, 2), "initial_epoch": texts(0, 1),
    "validation_split": texts(0.0, 0.25, 0.5), "validation_data": texts(None).map(lambda _: "(x, y)"),
    "sample_weight": texts(None).map(lambda _: "R(4, seed=2, kind='uniform')"),
}  # fmt: skip
FIXED = (
    "model = <keras.models.Sequential>()\n"
    "model.add(<keras.layers.Dense>(3, input_dim=4, weights=[R(4, 3, seed=5), R(3, seed=6)]))\n"
    "model.compile('sgd', 'mse')\nx, y = R(4, 4), R(4, 3, seed=1)"
)


@st.composite
def fitted(draw: Draw) -> Written:
    """A model that is trained on arrays; the losses of each epoch are told."""
    chosen = draw(st.sets(st.sampled_from(sorted(FIT)), max_size=4))
    arguments = {"x": "x", "y": "y", **{key: draw(FIT[key]) for key in sorted(chosen)}, "shuffle": "False"}
    if int(arguments.get("nb_epoch", "10")) <= int(arguments.get("initial_epoch", "0")):
        arguments["nb_epoch"] = "3"
    text = method("model", draw(call("keras.models.Sequential.fit", arguments)))
    lines = [FIXED, f"history = {text}", "report(history=history.history, epochs=history.epoch, out=model.predict(x))"]
    return written("fit", "\n".join(lines), draw(st.sampled_from(Imports)))


def _parameters(path: str) -> set[str]:
    return {parameter.name for parameter in parameters(path)} | keywords(path)
