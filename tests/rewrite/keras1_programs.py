# ruff: noqa: E501  the programs of the tables stand on one line each
"""Random Keras 1 programs for hypothesis: legal calls by the tables of Keras 1.2.2, in any layout."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from kmigrate.keras.signatures import KERAS_1, Signature, knowledge

KERAS = knowledge(KERAS_1)
LAYERS = tuple(
    name
    for name in (
        "Dense Dropout Activation Flatten Reshape Permute RepeatVector Masking TimeDistributedDense MaxoutDense Highway "
        "ActivityRegularization SpatialDropout1D SpatialDropout2D SpatialDropout3D Convolution1D Convolution2D Convolution3D "
        "AtrousConvolution1D AtrousConvolution2D SeparableConvolution2D Deconvolution2D UpSampling1D UpSampling2D UpSampling3D "
        "ZeroPadding1D ZeroPadding2D ZeroPadding3D Cropping1D Cropping2D Cropping3D MaxPooling1D MaxPooling2D MaxPooling3D "
        "AveragePooling1D AveragePooling2D AveragePooling3D GlobalMaxPooling1D GlobalAveragePooling2D LocallyConnected1D "
        "LocallyConnected2D SimpleRNN GRU LSTM ConvLSTM2D Embedding BatchNormalization GaussianNoise GaussianDropout "
        "LeakyReLU PReLU ELU ParametricSoftplus ThresholdedReLU SReLU"
    ).split()
    if KERAS.get(f"keras.layers.{name}") is not None
)
OPTIMIZERS = ("SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "Adamax", "Nadam")
VALUES = {
    "border_mode": ("'same'", '"valid"', "mode"), "dim_ordering": ("'th'", "'tf'", "'default'", "order"),
    "activation": ("'relu'", "act"), "inner_activation": ("'sigmoid'",), "init": ("'he_normal'", "'uniform'", "'normal'"),
    "inner_init": ("'orthogonal'",), "consume_less": ("'cpu'", "'mem'", "'gpu'"), "mode": ("0", "1", "2", "'concat'"),
    "bias": ("True", "False"), "return_sequences": ("True", "flag"), "subsample": ("(1, 1)", "(2, 2)", "s"),
    "atrous_rate": ("(2, 2)", "2"), "strides": ("(2, 2)", "None", "2"), "pool_size": ("(2, 2)", "2"), "weights": ("w",),
    "p": ("0.5", ".25", "rate"), "name": ("'é漢'", "'n' + str(i)", '"a(b"'), "padding": ("(1, 1)", "1"), "cropping": ("((1, 1), (1, 1))",),
    "W_regularizer": ("l2(0.01)", "None"), "b_regularizer": ("None",), "input_shape": ("(3, 4)", "shape"), "size": ("(2, 2)",),
    "lr": ("0.1", "rate"), "decay": ("0.", "1e-6"), "epsilon": ("1e-8", "1e-6"), "output_shape": ("(3, 3)",),
    "batch_input_shape": ("(None, 3)",), "dropout": ("0.5", "0."), "dropout_W": ("0.2",), "dropout_U": ("0.2",),
}  # fmt: skip
ANY = ("3", "n", "f(1, 2)", "(n)", "-1", "cfg['a']", "a.b")
BLANKS = ("", " ", "  ")
BREAKS = ("", " ", "\n        ", " \\\n        ")
COMMENT = "  # a, comment (\n        "


@st.composite
def calls(
    draw: st.DrawFn, callee: str, signature: Signature, *, comments: bool = True, without: tuple[str, ...] = ()
) -> str:
    """A legal call of `callee`, in any layout; with comments between the arguments, and not `without` some of them."""
    known = [p for p in signature.parameters if p.kind in ("positional", "keyword")]
    required = [p.name for p in known if p.required]
    optional = [p.name for p in known if not p.required and p.name not in without]
    if any(p.kind == "kwargs" for p in signature.parameters):
        optional += [name for name in ("name", "input_shape") if name not in required and name not in optional]
    chosen = draw(st.lists(st.sampled_from(optional), unique=True, max_size=4)) if optional else []
    positional = list(signature.positional)
    count = draw(st.integers(0, min(len(positional), len(required) + 1)))
    front = [p.name for p in positional[:count]]
    rest = draw(st.permutations([name for name in (*required, *chosen) if name not in front]))
    blank = st.sampled_from(BLANKS)
    parts = [_value(draw, name) for name in front] + [
        f"{name}{draw(blank)}={draw(blank)}{_value(draw, name)}" for name in rest
    ]
    line_break = st.sampled_from((*BREAKS, COMMENT) if comments else BREAKS)
    text = callee + draw(st.sampled_from(("(", " (", "( ")))
    for index, part in enumerate(parts):
        text += draw(line_break) + part + draw(line_break)
        if index + 1 < len(parts) or draw(st.booleans()):
            text += ","
    return text + draw(line_break) + ")"


def _value(draw: st.DrawFn, name: str) -> str:
    value = draw(st.sampled_from(VALUES.get(name, ANY)))
    return draw(st.sampled_from((value, value, f"({value})")))


@st.composite
def programs(draw: st.DrawFn, *, comments: bool = True, without: tuple[str, ...] = ()) -> str:
    """A program of a few layers and calls, reached by any kind of import."""

    def call(callee: str, signature: Signature) -> str:
        return draw(calls(callee, signature, comments=comments, without=without))

    names = draw(st.lists(st.sampled_from(LAYERS), min_size=1, max_size=3, unique=True))
    style = draw(st.sampled_from(("from", "star", "module", "alias", "dotted")))
    head, spell = _imports(style, names)
    lines = [
        head,
        "from keras.regularizers import l2",
        "from keras.models import Sequential, Model",
        "from keras.optimizers import *",
    ]
    for name in names:
        signature = KERAS.get(f"keras.layers.{name}").signature  # type: ignore[union-attr]
        lines.append(f"x = {call(spell(name), signature)}(x)")
    optimizer = draw(st.sampled_from(OPTIMIZERS))
    lines.append(f"o = {call(optimizer, KERAS.get(f'keras.optimizers.{optimizer}').signature)}")  # type: ignore[union-attr]
    lines.append("m = Sequential()")
    for method in draw(
        st.lists(st.sampled_from(("fit", "fit_generator", "compile", "evaluate", "predict_generator")), max_size=2)
    ):
        member = KERAS.member("keras.models.Sequential", method)
        assert member is not None
        lines.append(call(f"m.{method}", member.signature))
    shape = draw(st.sampled_from(("plain", "function", "method", "try")))
    return _placed(shape, lines) + draw(st.sampled_from(("", "\n", "  # end\n")))


def _imports(style: str, names: list[str]) -> tuple[str, Callable[[str], str]]:
    if style == "from":
        return f"from keras.layers import {', '.join(names)}", lambda name: name
    if style == "star":
        return "from keras.layers import *", lambda name: name
    if style == "module":
        return "from keras import layers", lambda name: f"layers.{name}"
    if style == "alias":
        return "from keras.layers import " + ", ".join(f"{name} as L{name}" for name in names), lambda name: f"L{name}"
    return "import keras.layers", lambda name: f"keras.layers.{name}"


def _placed(shape: str, lines: list[str]) -> str:
    imports = [line for line in lines if "import" in line]
    body = [line for line in lines if "import" not in line]
    if shape == "function":
        return "\n".join([*imports, "def build(x):", *(f"    {line}" for line in body)])
    if shape == "method":
        return "\n".join(
            [*imports, "class A(object):", "    def build(self, x):", *(f"        {line}" for line in body)]
        )
    if shape == "try":
        return "\n".join([*imports, "try:", *(f"    {line}" for line in body), "finally: pass"])
    return "\n".join([*imports, *body])
