"""What does a parameter of Keras 1 take? Texts of legal values, by the parameter's name."""

from __future__ import annotations

from hypothesis import strategies as st

from kmigrate.referee.programs.calls import Draw, call

Values = st.SearchStrategy[str]


def _named(module: str, names: str, quoted: str = "") -> Values:
    """Strings, and functions of a module."""
    strings = st.sampled_from([repr(name) for name in (names + " " + quoted).split()])
    return strings | st.sampled_from([f"<keras.{module}.{name}>" for name in names.split()])


def texts(*values: object) -> Values:
    return st.sampled_from([repr(value) for value in values])


SIZES = texts(1, 2, 3)
FLAGS = texts(False, True)
RATES = texts(0.0, 0.25, 0.5)
INITS = texts(
    "glorot_uniform", "glorot_normal", "he_normal", "he_uniform", "lecun_uniform", "normal", "uniform", "zero", "one",
    "orthogonal",
)  # fmt: skip
"""Identity needs a square matrix."""
ACTIVATIONS = st.just("None") | _named("activations", "relu tanh sigmoid hard_sigmoid linear softplus softsign elu")
BORDERS = texts("valid", "same")
ORDERINGS = texts("default", "tf", "th")


@st.composite
def regularizer(draw: Draw, activity: bool = False) -> str:
    """A regularizer of weights, or of what a layer puts out."""
    prefix = "activity_" if activity else ""
    name = draw(st.sampled_from(["l2", "l1", "l1l2"] if activity else ["l2", "l1", "l1l2", "L1L2Regularizer", "string"]))
    if name == "string":
        return draw(texts("l1", "l2", "l1l2"))
    both = "l1l2" in name.lower()
    names = draw(st.sets(st.sampled_from(["l1", "l2"] if both else ["l"])))
    amount = texts(0.01, 0.1, 0.5)
    arguments: dict[str, str] = {key: draw(amount) for key in ("l1", "l2", "l") if key in names}
    return draw(call(f"keras.regularizers.{prefix}{name}", arguments))


@st.composite
def constraint(draw: Draw) -> str:
    """A constraint of weights; on axis 0, which every weight has."""
    name = draw(st.sampled_from(["nonneg", "maxnorm", "unitnorm", "MaxNorm", "NonNeg", "UnitNorm", "string"]))
    if name == "string":
        return draw(texts("nonneg", "maxnorm", "unitnorm"))
    low = name.lower()
    possible = {"maxnorm": {"m": texts(2, 0.5), "axis": texts(0)}, "unitnorm": {"axis": texts(0)}}.get(low, {})
    names = draw(st.sets(st.sampled_from(sorted(possible)))) if possible else set()
    path = {"maxnorm": "MaxNorm", "nonneg": "NonNeg", "unitnorm": "UnitNorm"}[low]
    text = draw(call(f"keras.constraints.{path}", {key: draw(possible[key]) for key in sorted(names)}))
    return text.replace(f".{path}>", f".{name}>")


VALUES: dict[str, Values] = {
    "W_constraint": constraint(),
    "W_regularizer": regularizer(),
    "U_regularizer": regularizer(),
    "activation": ACTIVATIONS,
    "activity_regularizer": regularizer(activity=True),
    "alpha": texts(0.1, 1.0, 2),
    "atrous_rate": texts((1, 1), (2, 2), (2, 1)),
    "axis": texts(-1, 1),
    "b_constraint": constraint(),
    "b_regularizer": regularizer(),
    "beta_init": INITS,
    "beta_regularizer": regularizer(),
    "bias": FLAGS,
    "border_mode": BORDERS,
    "consume_less": texts("cpu", "mem", "gpu"),
    "depth_multiplier": texts(1, 2),
    "depthwise_constraint": constraint(),
    "depthwise_regularizer": regularizer(),
    "dim_ordering": ORDERINGS,
    "dropout": RATES,
    "dropout_U": RATES,
    "dropout_W": RATES,
    "epsilon": texts(1e-3, 1e-6, 0.1),
    "filter_length": SIZES,
    "forget_bias_init": texts("one", "zero", "normal"),
    "gamma_init": INITS,
    "gamma_regularizer": regularizer(),
    "go_backwards": FLAGS,
    "init": INITS,
    "inner_activation": _named("activations", "hard_sigmoid sigmoid tanh"),
    "inner_init": texts("orthogonal", "glorot_uniform", "normal", "zero", "identity"),
    "l1": texts(0.0, 0.01, 0.5),
    "l2": texts(0.0, 0.01, 0.5),
    "length": SIZES,
    "mask_value": texts(0.0, 1.0, -1),
    "mask_zero": FLAGS,
    "momentum": texts(0.99, 0.9, 0.5),
    "n": SIZES,
    "nb_col": SIZES,
    "nb_feature": SIZES,
    "nb_filter": SIZES,
    "nb_row": SIZES,
    "kernel_dim1": SIZES,
    "kernel_dim2": SIZES,
    "kernel_dim3": SIZES,
    "output_dim": SIZES,
    "p": RATES,
    "padding": SIZES,
    "pointwise_constraint": constraint(),
    "pointwise_regularizer": regularizer(),
    "pool_length": SIZES,
    "return_sequences": FLAGS,
    "seed": texts(None, 1, 7),
    "sigma": texts(0.0, 0.1, 1.0),
    "stride": texts(None, 1, 2),
    "subsample": texts((1, 1), (2, 2), (2, 1), (1, 2)),
    "subsample_length": texts(1, 2),
    "theta": texts(1.0, 0.5, 0.0),
    "trainable": FLAGS,
    "transform_bias": texts(-2, 0, 1),
    "unroll": FLAGS,
    "name": texts("one", "first_layer"),
}
