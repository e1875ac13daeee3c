"""What does each layer class of Keras 1 need to be legal: which inputs, which arguments, which not together?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import prod

from hypothesis import strategies as st

from kmigrate.referee.programs.calls import Draw, call, keywords, parameters
from kmigrate.referee.programs.values import ACTIVATIONS, SIZES, VALUES, Values, texts

Shape = tuple[int, ...]
Arguments = dict[str, str]

MOST = 5
"""So many optional arguments are given at a time: a program that fails for two reasons tells of one."""

VOCABULARY = 8

ABSTRACT = {
    "ConvRecurrent2D": "the base of ConvLSTM2D has no step",
    "InputSpec": "no layer: it describes one",
    "Recurrent": "the base of LSTM, GRU and SimpleRNN has no step",
    "Wrapper": "the base of TimeDistributed and Bidirectional computes nothing",
}
"""Classes of `keras.layers` that no program can put into a model."""

ELSEWHERE = {
    "Bidirectional": "wrapped", "TimeDistributed": "wrapped", "Merge": "merges", "InputLayer": "the first of a stack",
}  # fmt: skip
"""Classes that other families of programs are about."""


@dataclass(frozen=True, slots=True)
class Layer:
    """What a class needs.

    ranks: how many dimensions its inputs may have, without the batch; tokens: whether they are whole numbers;
    always: optional arguments that are always given; never: those that never are; values: what its parameters take
    where it is not the usual; legal: takes out, or mends, what does not go together.
    """

    ranks: tuple[int, ...]
    tokens: bool = False
    always: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    values: dict[str, Values] = field(default_factory=dict)
    legal: Callable[[Arguments, Shape], Arguments] = lambda arguments, shape: arguments


@dataclass(frozen=True, slots=True)
class Use:
    """A call of a layer, and inputs that it takes."""

    name: str
    shape: Shape
    arguments: tuple[tuple[str, str], ...]
    text: str

    @property
    def tokens(self) -> bool:
        """Are the inputs whole numbers?"""
        return LAYERS[self.name].tokens

    @property
    def regularized(self) -> bool:
        """Does something in it show in the loss alone?"""
        return self.name == "ActivityRegularization" or any(key.endswith("regularizer") for key, _ in self.arguments)


def shapes(rank: int) -> st.SearchStrategy[Shape]:
    """Shapes large enough for every window, small enough to be quick."""
    low, high = {1: (2, 4), 2: (4, 6), 3: (4, 6)}.get(rank, (4, 4))
    return st.tuples(*[st.integers(low, high)] * rank)


@st.composite
def layer(draw: Draw, name: str, shape: Shape | None = None, most: int = MOST, always: Arguments | None = None) -> Use:
    """A legal call of a layer class."""
    facts = LAYERS[name]
    found = draw(shapes(draw(st.sampled_from(facts.ranks)))) if shape is None else shape
    path = f"keras.layers.{name}"
    order = parameters(path)
    extra = sorted((keywords(path) & VALUES.keys()) - {"name"} | {"trainable"})
    possible = [*(parameter.name for parameter in order if parameter.default is not None), *extra]
    free = [key for key in possible if key not in facts.never and key not in facts.always and key in _known(facts)]
    chosen = draw(st.sets(st.sampled_from(free), max_size=most)) if free else set[str]()
    needed = [parameter.name for parameter in order if parameter.default is None]
    arguments = {key: draw(_value(facts, key, found)) for key in (*needed, *facts.always, *sorted(chosen))}
    arguments = facts.legal(arguments | (always or {}), found)
    return Use(name, found, tuple(arguments.items()), draw(call(path, arguments)))


def _known(facts: Layer) -> set[str]:
    return {*VALUES, *facts.values, *BY_SHAPE}


def _value(facts: Layer, key: str, shape: Shape) -> Values:
    if key in facts.values:
        return facts.values[key]
    return BY_SHAPE[key](shape) if key in BY_SHAPE else VALUES[key]


@st.composite
def _target_shape(draw: Draw, shape: Shape) -> str:
    size = prod(shape)
    return draw(texts((size,), (-1,), (size, 1), (1, -1), shape[::-1], tuple(reversed((1, *shape)))))


def _noise_shape(shape: Shape) -> Values:
    return texts(None, (2, *shape), (2, *shape[:-1], 1))


BY_SHAPE: dict[str, Callable[[Shape], Values]] = {
    "dims": lambda shape: st.permutations(range(1, len(shape) + 1)).map(lambda dims: repr(tuple(dims))),
    "noise_shape": _noise_shape,
    "target_shape": _target_shape,
}
"""What parameters take that depend on the inputs."""


def _dilated(arguments: Arguments, shape: Shape) -> Arguments:
    """A dilated convolution takes no steps."""
    return {key: value for key, value in arguments.items() if not key.startswith("subsample")}


def _deconvolved(arguments: Arguments, shape: Shape) -> Arguments:
    """The output shape follows from the others."""
    first = arguments.get("dim_ordering") == "'th'"
    steps = eval(arguments.get("subsample", "(1, 1)"))
    same = arguments.get("border_mode") == "'same'"
    windows = (int(arguments["nb_row"]), int(arguments["nb_col"]))
    sizes = shape[1:] if first else shape[:-1]
    out = [
        size * step if same else size * step + max(window - step, 0)
        for size, step, window in zip(sizes, steps, windows, strict=True)
    ]
    filters = int(arguments["nb_filter"])
    return arguments | {"output_shape": repr((None, filters, *out) if first else (None, *out, filters))}


def _square(arguments: Arguments, shape: Shape) -> Arguments:
    """Dense layers may come with their weights."""
    if "weights" in arguments:
        out = arguments["output_dim"]
        bias = "" if arguments.get("bias") == "False" else f", R({out})"
        arguments = arguments | {"weights": f"[R({shape[-1]}, {out}){bias}]"}
    return arguments


def _embedded(arguments: Arguments, shape: Shape) -> Arguments:
    if "weights" in arguments:
        arguments = arguments | {"weights": f"[R({VOCABULARY}, {arguments['output_dim']})]"}
    return arguments


def _separable(arguments: Arguments, shape: Shape) -> Arguments:
    """TensorFlow refuses fewer outputs than there are after the depthwise part."""
    channels = shape[0] if arguments.get("dim_ordering") == "'th'" else shape[-1]
    least = channels * int(arguments.get("depth_multiplier", "1"))
    return arguments | {"nb_filter": str(max(least, int(arguments["nb_filter"])))}


def _normalized(arguments: Arguments, shape: Shape) -> Arguments:
    """Sample-wise normalization is for vectors, and goes over the last axis."""
    if arguments.get("mode") == "1":
        arguments = {key: value for key, value in arguments.items() if key != "axis"}
    return arguments


POOL2 = texts((2, 2), (1, 2), (2, 1), (3, 3))
STRIDES2 = texts(None, (1, 1), (2, 2), (1, 2))
POOL3, STRIDES3 = texts((2, 2, 2), (1, 2, 1)), texts(None, (1, 1, 1), (2, 1, 2))
GIVEN = st.just("given")
CONVOLVED = ("weights", "input_dim", "input_length")
RECURRENT = Layer((2,), never=("weights", "stateful", "input_dim", "input_length"))
DENSE = Layer((1,), never=("input_dim",), values={"weights": GIVEN}, legal=_square)
DENSE_ND = Layer((1, 2, 3), never=("input_dim",), values={"weights": GIVEN}, legal=_square)
ANY = Layer((1, 2, 3))
VALID = {"border_mode": texts("valid")}

LAYERS: dict[str, Layer] = {
    "Activation": Layer((1, 2, 3), values={"activation": ACTIVATIONS.filter(lambda text: text != "None")}),
    "ActivityRegularization": ANY,
    "AtrousConvolution1D": Layer(
        (2,), always=("atrous_rate",), never=CONVOLVED, legal=_dilated,
        values={"filter_length": texts(1, 2), "atrous_rate": texts(1, 2)},
    ),
    "AtrousConvolution2D": Layer(
        (3,), always=("atrous_rate",), never=CONVOLVED, legal=_dilated,
        values={"nb_row": texts(1, 2), "nb_col": texts(1, 2), "atrous_rate": texts((1, 1), (2, 2))},
    ),
    "AveragePooling1D": Layer((2,)),
    "AveragePooling2D": Layer((3,), values={"pool_size": POOL2, "strides": STRIDES2}),
    "AveragePooling3D": Layer((4,), values={"pool_size": POOL3, "strides": STRIDES3}),
    "BatchNormalization": Layer(
        (1, 2, 3), never=("weights",), values={"mode": texts(0, 1, 2)}, legal=_normalized,
    ),
    "ConvLSTM2D": Layer(
        (4,), never=("weights", "stateful"), values={"activation": texts("tanh", "relu", "sigmoid")},
    ),
    "Convolution1D": Layer((2,), never=CONVOLVED),
    "Convolution2D": Layer((3,), never=CONVOLVED),
    "Convolution3D": Layer(
        (4,), never=CONVOLVED, values={"subsample": texts((1, 1, 1), (2, 2, 2), (1, 2, 1))},
    ),
    "Cropping1D": Layer((2,), values={"cropping": texts((1, 1), (0, 2), (2, 0))}),
    "Cropping2D": Layer((3,), values={"cropping": texts(((1, 1), (0, 1)), ((0, 0), (1, 0)))}),
    "Cropping3D": Layer((4,), values={"cropping": texts(((1, 1), (0, 1), (1, 0)), ((0, 0), (1, 1), (0, 1)))}),
    "Deconvolution2D": Layer((3,), never=CONVOLVED, values={"output_shape": GIVEN}, legal=_deconvolved),
    "Dense": DENSE_ND,
    "Dropout": ANY,
    "ELU": ANY,
    "Embedding": Layer(
        (1,), tokens=True, never=("input_length",), legal=_embedded,
        values={"input_dim": texts(VOCABULARY), "weights": GIVEN},
    ),
    "Flatten": Layer((2, 3)),
    "GRU": RECURRENT,
    "GaussianDropout": ANY,
    "GaussianNoise": ANY,
    "GlobalAveragePooling1D": Layer((2,)),
    "GlobalAveragePooling2D": Layer((3,)),
    "GlobalAveragePooling3D": Layer((4,)),
    "GlobalMaxPooling1D": Layer((2,)),
    "GlobalMaxPooling2D": Layer((3,)),
    "GlobalMaxPooling3D": Layer((4,)),
    "Highway": Layer((1,), never=("input_dim", "weights")),
    "LSTM": RECURRENT,
    "Lambda": Layer(
        (1, 2, 3), never=("arguments", "output_shape"),
        values={"function": st.sampled_from([
            "lambda t: t * 2", "lambda t: <keras.backend.abs>(t)", "lambda t: <keras.backend.clip>(t, -1, 1)",
        ])},
    ),
    "Layer": ANY,
    "LeakyReLU": Layer((1, 2, 3), values={"alpha": texts(0.1, 0.3, 1.0)}),  # above 1 TensorFlow 1.12 takes max(alpha * x, x)
    "LocallyConnected1D": Layer((2,), never=CONVOLVED, values=VALID),
    "LocallyConnected2D": Layer((3,), never=CONVOLVED, values=VALID),
    "Masking": Layer((2,)),
    "MaxPooling1D": Layer((2,)),
    "MaxPooling2D": Layer((3,), values={"pool_size": POOL2, "strides": STRIDES2}),
    "MaxPooling3D": Layer((4,), values={"pool_size": POOL3, "strides": STRIDES3}),
    "MaxoutDense": Layer((1,), never=("input_dim", "weights")),
    "PReLU": Layer((1, 2, 3), never=("weights",), values={"shared_axes": texts(None, [1], (1,))}),
    "ParametricSoftplus": Layer(
        (1, 2), never=("weights",), values={"alpha_init": texts(0.2, 1.0), "beta_init": texts(5.0, 1.0)},
    ),
    "Permute": ANY,
    "RepeatVector": Layer((1,)),
    "Reshape": ANY,
    "SReLU": Layer((1, 2)),
    "SeparableConvolution2D": Layer(
        (3,), never=CONVOLVED, values={"subsample": texts((1, 1), (2, 2))}, legal=_separable,
    ),
    "SimpleRNN": RECURRENT,
    "SpatialDropout1D": Layer((2,), never=("noise_shape",)),
    "SpatialDropout2D": Layer((3,), never=("noise_shape",)),
    "SpatialDropout3D": Layer((4,), never=("noise_shape",)),
    "ThresholdedReLU": ANY,
    "TimeDistributedDense": Layer((2,), never=("input_dim", "input_length", "weights")),
    "UpSampling1D": Layer((2,)),
    "UpSampling2D": Layer((3,), values={"size": texts((2, 2), (1, 2), (3, 1))}),
    "UpSampling3D": Layer((4,), values={"size": texts((2, 2, 2), (1, 2, 1))}),
    "ZeroPadding1D": Layer((2,), values={"padding": SIZES | texts((1, 2), {"left_pad": 1, "right_pad": 2})}),
    "ZeroPadding2D": Layer(
        (3,), values={"padding": texts((1, 1), (1, 2), (1, 2, 0, 1), {"top_pad": 1, "left_pad": 2})},
    ),
    "ZeroPadding3D": Layer((4,), values={"padding": texts((1, 1, 1), (1, 0, 2))}),
}  # fmt: skip
