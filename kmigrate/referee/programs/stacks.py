"""How do layers become a model? Sequential, functional, wrapped; with inputs, and a loss where only a loss shows it."""

from __future__ import annotations

from hypothesis import strategies as st

from kmigrate.referee.programs.calls import Draw, call
from kmigrate.referee.programs.layers import LAYERS, VOCABULARY, Shape, Use, layer
from kmigrate.referee.programs.text import Imports, Written, written
from kmigrate.referee.programs.values import texts

SAMPLES = 2
LOSS_OF_TOKENS = "y = R(*(x.shape + model.output_shape[-1:]), seed=1)\nmodel.compile('sgd', 'mse')"
LOSS = "y = R(*(({},) + model.output_shape[1:]), seed=1)\nmodel.compile('sgd', 'mse')"


@st.composite
def single(draw: Draw, name: str) -> Written:
    """A model around one layer of a class."""
    use = draw(layer(name))
    model = draw(model_of(use.text, use.shape, use.tokens))
    return written(name, with_data(draw, model, use), draw(st.sampled_from(Imports)))


@st.composite
def time_distributed(draw: Draw) -> Written:
    """A model around a layer that works on each step."""
    name = draw(st.sampled_from(DISTRIBUTED))
    use = draw(layer(name))
    shape = (draw(st.integers(2, 4)), *use.shape)
    text = draw(call("keras.layers.TimeDistributed", {"layer": use.text}))
    model = draw(model_of(text, shape, use.tokens))
    return written("TimeDistributed", with_data(draw, model, use, shape), draw(st.sampled_from(Imports)))


@st.composite
def bidirectional(draw: Draw) -> Written:
    """A model around a layer that reads from both ends."""
    use = draw(layer(draw(st.sampled_from(["LSTM", "GRU", "SimpleRNN"]))))
    arguments = {"layer": use.text}
    if draw(st.booleans()):
        arguments["merge_mode"] = draw(texts("concat", "sum", "mul", "ave"))
    text = draw(call("keras.layers.Bidirectional", arguments))
    model = draw(model_of(text, use.shape))
    return written("Bidirectional", with_data(draw, model, use), draw(st.sampled_from(Imports)))


@st.composite
def masked(draw: Draw) -> Written:
    """A model that leaves steps out."""
    name = draw(st.sampled_from(["LSTM", "GRU", "SimpleRNN"]))
    use = draw(layer(name, most=2))
    value = draw(texts(0.0, 1.0))
    first = draw(layer("Masking", use.shape, always={"mask_value": value}))
    model = draw(model_of(first.text, use.shape, then=(use.text,)))
    steps, features = use.shape
    kept = f"(R({SAMPLES}, {steps}, 1, seed=2) > -0.5)"
    body = f"{model}\nkept = {kept}\nx = R({SAMPLES}, {steps}, {features}) * kept + {value} * (1 - kept)"
    return written("Masked", body, draw(st.sampled_from(Imports)))


@st.composite
def stateful(draw: Draw) -> Written:
    """A model that remembers the batch before."""
    use = draw(layer(draw(st.sampled_from(["LSTM", "GRU", "SimpleRNN"])), most=2, always={"stateful": "True"}))
    model = draw(model_of(use.text, use.shape, batch=True))
    return written("Stateful", with_data(draw, model, use), draw(st.sampled_from(Imports)))


DISTRIBUTED = [
    name for name, facts in LAYERS.items()
    if max(facts.ranks) <= 3 and name not in {
        "BatchNormalization", "Layer", "Masking", "Lambda", "SReLU", "ParametricSoftplus", "Highway", "MaxoutDense",
    }
]  # fmt: skip


@st.composite
def model_of(
    draw: Draw, text: str, shape: Shape, tokens: bool = False, batch: bool = False, then: tuple[str, ...] = ()
) -> str:
    """The text that makes a `model` of a layer, perhaps with a layer before and after."""
    after = [*then, *draw(st.lists(st.sampled_from(AFTER), max_size=1))]
    before = [] if tokens else draw(st.lists(st.sampled_from(BEFORE), max_size=1))
    layers = [*before, text, *after]
    full = (SAMPLES, *shape)
    if draw(st.booleans()):
        return _functional(draw, layers, shape, full if batch or draw(st.integers(0, 3)) == 0 else None, tokens)
    given = draw(st.sampled_from(["batch_input_shape"] if batch else ["input_shape", "batch_input_shape", "layer"]))
    argument = f"input_shape={shape}" if given == "input_shape" else f"batch_input_shape={full}"
    if given == "layer":
        kind = ", input_dtype='int32'" if tokens else ""
        layers = [f"<keras.layers.InputLayer>(input_shape={shape}{kind})", *layers]
    else:
        layers[0] = _with(layers[0], argument)
    if draw(st.booleans()):
        return "model = <keras.models.Sequential>([\n" + "".join(f"    {item},\n" for item in layers) + "])"
    return "model = <keras.models.Sequential>()\n" + "\n".join(f"model.add({item})" for item in layers)


AFTER = ("<keras.layers.Activation>('tanh')", "<keras.layers.Dropout>(0.5)")
BEFORE = ("<keras.layers.Activation>('linear')", "<keras.layers.GaussianNoise>(sigma=0.1)")
"""Nothing that only rises: TensorFlow 1.12 moves such a function behind a maximum, and loses it on the way."""


def _functional(draw: Draw, layers: list[str], shape: Shape, full: Shape | None, tokens: bool) -> str:
    kind = ", dtype='int32'" if tokens else ""
    first = f"<keras.layers.Input>({f'shape={shape}' if full is None else f'batch_shape={full}'}{kind})"
    lines = [f"a = {first}", *(f"b = {item}({'b' if number else 'a'})"
                               for number, item in enumerate(layers))]  # fmt: skip
    made = draw(st.sampled_from(["a, b", "input=a, output=b", "[a], [b]", "output=b, input=a", "input=[a], output=[b]"]))
    return "\n".join([*lines, f"model = <keras.models.Model>({made})"])


def _with(text: str, argument: str) -> str:
    """The call with one more argument."""
    return f"{text[:-1]}{'' if text.endswith('()') else ', '}{argument})"


def with_data(draw: Draw, model: str, use: Use, shape: Shape | None = None) -> str:
    """The model, its inputs, and a loss where it matters or by chance."""
    sizes = ", ".join(map(str, (SAMPLES, *(shape or use.shape))))
    inputs = f"x = R({sizes}, kind='int', hi={VOCABULARY})" if use.tokens else f"x = R({sizes})"
    parts = [model, inputs]
    if use.regularized or draw(st.integers(0, 4)) == 4:
        parts.append((LOSS_OF_TOKENS if use.tokens else LOSS).format(SAMPLES))
    return "\n".join(parts)
