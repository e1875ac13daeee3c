"""How are two to four inputs merged? In each mode, by the function, by the layer, and at the head of a Sequential."""

from __future__ import annotations

from hypothesis import strategies as st

from kmigrate.referee.programs.calls import Draw, call
from kmigrate.referee.programs.layers import Shape, shapes
from kmigrate.referee.programs.stacks import SAMPLES
from kmigrate.referee.programs.text import Imports, Written, written

MODES = ("sum", "mul", "ave", "max", "concat", "dot", "cos", "lambda")
FUNCTIONS = ("lambda t: t[0] - t[1]", "lambda t: t[0] * 2 + t[1]", "lambda t: <keras.backend.abs>(t[1])")


@st.composite
def merged(draw: Draw, mode: str) -> Written:
    """A model that merges inputs in a mode."""
    if mode in ("dot", "cos"):
        branches, arguments = draw(_multiplied())
    elif mode == "concat":
        branches, arguments = draw(_joined())
    else:
        shape = draw(shapes(draw(st.integers(1, 3))))
        branches, arguments = [shape] * draw(st.integers(2, 4)), {}
    if mode == "lambda":
        arguments = {"mode": draw(st.sampled_from(FUNCTIONS)), "output_shape": repr(branches[0])}
        if draw(st.booleans()):
            arguments["output_shape"] = "lambda s: s[0]"
    elif mode != "sum" or draw(st.booleans()):
        arguments |= {"mode": repr(mode)}
    if draw(st.integers(0, 3)) == 0:
        arguments["name"] = "'merged'"
    how = draw(st.sampled_from([_by_function, _by_layer, _at_the_head]))
    lines = [*draw(how(branches, arguments)), _inputs(branches)]
    return written(f"merge {mode}", "\n".join(lines), draw(st.sampled_from(Imports)))


Branches = tuple[list[Shape], dict[str, str]]


@st.composite
def _joined(draw: Draw) -> Branches:
    """Inputs that differ along one axis only."""
    shape = draw(shapes(draw(st.integers(1, 3))))
    axis = draw(st.integers(0, len(shape) - 1))
    branches = [
        (*shape[:axis], draw(st.integers(1, 4)), *shape[axis + 1 :]) for _ in range(draw(st.integers(2, 4)))
    ]
    written_as = draw(st.sampled_from([axis + 1, axis - len(shape)]))
    given = written_as != -1 or draw(st.booleans())
    return branches, {"concat_axis": repr(written_as)} if given else {}


@st.composite
def _multiplied(draw: Draw) -> Branches:
    """Two inputs that agree along the axes of a dot product."""
    if draw(st.booleans()):
        shape = draw(shapes(1))
        return [shape, shape], draw(st.sampled_from([{}, {"dot_axes": "1"}, {"dot_axes": "-1"}, {"dot_axes": "(1, 1)"}]))
    first, second = draw(shapes(2)), draw(shapes(2))
    one, other = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    fitting = list(second)
    fitting[other - 1] = first[one - 1]
    possible = [f"({one}, {other})", f"[{one}, {other}]"]
    if one == other:
        possible += [str(one), *(["-1"] if one == 2 else [])]
    return [first, (fitting[0], fitting[1])], {"dot_axes": draw(st.sampled_from(possible))}


@st.composite
def _by_function(draw: Draw, branches: list[Shape], arguments: dict[str, str]) -> list[str]:
    names = _names(branches)
    text = draw(call("keras.layers.merge", {"inputs": f"[{', '.join(names)}]", **arguments}))
    return [*_input_lines(branches), f"out = {text}", f"model = <keras.models.Model>([{', '.join(names)}], out)"]


@st.composite
def _by_layer(draw: Draw, branches: list[Shape], arguments: dict[str, str]) -> list[str]:
    names = f"[{', '.join(_names(branches))}]"
    text = draw(call("keras.layers.Merge", arguments))
    return [*_input_lines(branches), f"out = {text}({names})", f"model = <keras.models.Model>(input={names}, output=out)"]


@st.composite
def _at_the_head(draw: Draw, branches: list[Shape], arguments: dict[str, str]) -> list[str]:
    names = _names(branches)
    text = draw(call("keras.layers.Merge", {"layers": f"[{', '.join(names)}]", **arguments}))
    heads = [
        f"{name} = <keras.models.Sequential>()\n{name}.add(<keras.layers.Activation>('tanh', input_shape={shape}))"
        for name, shape in zip(names, branches, strict=True)
    ]
    after = draw(st.sampled_from([[], ["model.add(<keras.layers.Activation>('tanh'))"]]))
    return [*heads, "model = <keras.models.Sequential>()", f"model.add({text})", *after]


def _names(branches: list[Shape]) -> list[str]:
    return list("abcd"[: len(branches)])


def _input_lines(branches: list[Shape]) -> list[str]:
    names = _names(branches)
    return [f"{name} = <keras.layers.Input>(shape={shape})" for name, shape in zip(names, branches, strict=True)]


def _inputs(branches: list[Shape]) -> str:
    arrays = (
        f"R({', '.join(map(str, (SAMPLES, *shape)))}, seed={number})" for number, shape in enumerate(branches)
    )
    return f"x = [{', '.join(arrays)}]"
