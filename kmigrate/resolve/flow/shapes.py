"""How many axes has a tensor of the graph, how long are they, and may it carry a mask?

Only what the text proves: from `Input` on, through layers whose result is known by their kind.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from typing import TypeAlias

from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.linked import mentions
from kmigrate.resolve.scopes import Scope

Axes: TypeAlias = tuple[int | None, ...]
"""The lengths of the axes, the batch first; None where a length is not known."""

_SAME = frozenset(
    "Activation ActivityRegularization BatchNormalization Dropout ELU GaussianDropout GaussianNoise LeakyReLU Masking PReLU "
    "ParametricSoftplus SReLU SpatialDropout1D SpatialDropout2D SpatialDropout3D ThresholdedReLU".split()
)
_ELEMENTWISE = frozenset(
    "abs clip elu exp hard_sigmoid log pow relu round sigmoid sign softmax softplus softsign sqrt square tanh".split()
)
_KEEPS_NUMBER = {
    "AveragePooling1D": 3, "AveragePooling2D": 4, "AveragePooling3D": 5, "Convolution1D": 3, "Convolution2D": 4,
    "Convolution3D": 5, "Cropping1D": 3, "Cropping2D": 4, "Cropping3D": 5, "MaxPooling1D": 3, "MaxPooling2D": 4,
    "MaxPooling3D": 5, "UpSampling1D": 3, "UpSampling2D": 4, "UpSampling3D": 5, "ZeroPadding1D": 3, "ZeroPadding2D": 4,
    "ZeroPadding3D": 5, "AtrousConvolution1D": 3, "AtrousConvolution2D": 4, "SeparableConvolution2D": 4,
    "GlobalAveragePooling1D": 2, "GlobalMaxPooling1D": 2, "GlobalAveragePooling2D": 2, "GlobalMaxPooling2D": 2,
    "GlobalAveragePooling3D": 2, "GlobalMaxPooling3D": 2, "Flatten": 2,
}  # fmt: skip
MASKS = re.compile(r"\bmask_zero\b|\bMasking\b|\bnot_equal\b")
"""What makes masks: two layers, and comparisons in `compute_mask`."""

_RECURRENT = ("LSTM", "GRU", "SimpleRNN")


@dataclass(frozen=True, slots=True)
class Shape:
    """What is known of a tensor; without a Shape nothing is."""

    axes: Axes
    masked: bool = False


@dataclass(slots=True)
class Shapes:
    """Infers shapes of the expressions of one project; answers are remembered."""

    evaluator: Evaluator
    _known: dict[ast.AST, Shape | None] = field(default_factory=dict)

    def of(self, node: ast.expr, scope: Scope) -> Shape | None:
        """What is known of the tensor that `node` is."""
        if node not in self._known:
            self._known[node] = None  # a tensor that is made from itself has no known shape
            self._known[node] = self._infer(node, scope)
        return self._known[node]

    def unmasked(self, node: ast.expr, scope: Scope) -> bool:
        """Whether the tensor certainly carries no mask: it can't have got one, or nothing in sight makes any."""
        shape = self.of(node, scope)
        return not shape.masked if shape is not None else not mentions(self.evaluator.world, MASKS, scope.module)

    def _infer(self, node: ast.expr, scope: Scope) -> Shape | None:
        match node:
            case ast.Name():
                bindings = self.evaluator.bindings(node, scope) or frozenset()
                found = {
                    self.of(binding.assigned, binding.scope) if binding.assigned is not None else None
                    for binding in bindings
                }  # fmt: skip
                return found.pop() if len(found) == 1 else None
            case ast.BinOp(left=left, right=right):
                return self._together(left, right, scope)
            case ast.UnaryOp(operand=operand):
                return self.of(operand, scope)
            case ast.Call(func=ast.Call() as layer):
                return self._applied(layer, node, scope)
            case ast.Call():
                return self._called(node, scope)
            case _:
                return None

    def _together(self, left: ast.expr, right: ast.expr, scope: Scope) -> Shape | None:
        shapes = [self.of(side, scope) for side in (left, right) if not isinstance(side, ast.Constant)]
        known = [shape for shape in shapes if shape is not None]
        if not known or len(known) < len(shapes) or len({len(shape.axes) for shape in known}) > 1:
            return None
        axes = tuple(lengths[0] if len(set(lengths)) == 1 else None for lengths in zip(*(s.axes for s in known), strict=True))
        return Shape(axes)  # what an operation makes carries no mask

    def _called(self, call: ast.Call, scope: Scope) -> Shape | None:
        path = self._path(call.func, scope)
        name = path.rpartition(".")[2]
        if path == "keras.layers.Input":
            return self._input(call)
        if path == "keras.backend.placeholder":
            return self._placeholder(call)
        if path.startswith("keras.backend.") and name in _ELEMENTWISE and call.args:
            given = self.of(call.args[0], scope)
            return Shape(given.axes) if given is not None else None
        if path == "keras.layers.merge" and call.args and isinstance(call.args[0], ast.List):
            mode = _literal(_given(call, "mode", 1))
            parts = [self.of(item, scope) for item in call.args[0].elts]
            first = parts[0] if parts else None
            if first is None or None in parts or mode not in (None, "sum", "mul", "ave", "max", "concat"):
                return None
            axes = (None,) * len(first.axes) if mode == "concat" else first.axes
            return Shape(axes, any(part.masked for part in parts if part is not None))
        if isinstance(call.func, ast.Name) and call.args:
            made = self.evaluator.assigned_once(call.func, scope)
            if made is not None and isinstance(made[0], ast.Call):
                return self._applied(made[0], call, scope)
        return None

    def _input(self, call: ast.Call) -> Shape | None:
        batch = _literal(_given(call, "batch_shape", 1))
        shape = _literal(_given(call, "shape", 0))
        whole = batch if isinstance(batch, tuple | list) else (None, *shape) if isinstance(shape, tuple | list) else None
        if whole is None or not all(length is None or isinstance(length, int) for length in whole):
            return None
        return Shape(tuple(whole))

    def _placeholder(self, call: ast.Call) -> Shape | None:
        shape, number = _literal(_given(call, "shape", 0)), _literal(_given(call, "ndim", 1))
        if isinstance(shape, tuple | list):
            return Shape(tuple(length if isinstance(length, int) else None for length in shape))
        return Shape((None,) * number) if isinstance(number, int) else None

    def _applied(self, layer: ast.Call, call: ast.Call, scope: Scope) -> Shape | None:
        path = self._path(layer.func, scope)
        name = path.rpartition(".")[2]
        if not path.startswith("keras.layers.") or not call.args:
            return None
        if name in _KEEPS_NUMBER:
            return Shape((None,) * _KEEPS_NUMBER[name])
        given = self.of(call.args[0], scope)
        if given is None:
            return None
        if name in _SAME:
            return Shape(given.axes, given.masked or name == "Masking")
        if name == "Dense":
            return Shape((*given.axes[:-1], _length(_given(layer, "output_dim", 0))), given.masked)
        if name == "Embedding":
            masking = _given(layer, "mask_zero", None)
            mask = masking is not None and _literal(masking) is not False
            return Shape((*given.axes, _length(_given(layer, "output_dim", 1))), mask)
        if name in _RECURRENT and len(given.axes) == 3 and len(layer.args) <= 1:
            units = _length(_given(layer, "output_dim", 0))
            sequences = _given(layer, "return_sequences", None)
            if sequences is None or _literal(sequences) is False:
                return Shape((given.axes[0], units))
            return Shape((*given.axes[:2], units), given.masked) if _literal(sequences) is True else None
        return None

    def _path(self, func: ast.expr, scope: Scope) -> str:
        return self.evaluator.path(func, scope) or ""


def _given(call: ast.Call, name: str, position: int | None) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    if position is not None and position < len(call.args):
        return call.args[position]
    return None


def _literal(node: ast.expr | None) -> object:
    try:
        return ast.literal_eval(node) if node is not None else None
    except (ValueError, TypeError):
        return node


def _length(node: ast.expr | None) -> int | None:
    found = _literal(node)
    return found if isinstance(found, int) else None
