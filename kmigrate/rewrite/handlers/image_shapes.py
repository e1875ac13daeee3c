"""Whether a program shows by the shape of its images that it counts on channels first, and says so nowhere.

Keras 1 takes the ordering from `image_dim_ordering` in keras.json then, a key that no Keras 2 reads.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from kmigrate.match.conditions import Conditions
from kmigrate.resolve.scopes import Scope
from kmigrate.rewrite.handlers import Context

_IN_BOTH = ("Convolution", "ZeroPadding", "Cropping", "UpSampling", "MaxPooling", "AveragePooling", "SpatialDropout")
_OF_IMAGES = frozenset(
    f"keras.layers.{name}2D"
    for name in (*_IN_BOTH, "AtrousConvolution", "Deconvolution", "SeparableConvolution", "LocallyConnected")
)
_OF_VOLUMES = frozenset(f"keras.layers.{name}3D" for name in _IN_BOTH)
_INPUT = "keras.layers.Input"
_SHAPES = ("input_shape", "shape", "batch_input_shape", "batch_shape")
_CHANNELS = (1, 3)
_MOST = 4
"""More numbers of channels are rarer than fewer rows or columns."""


def shows_channels_first(context: Context) -> bool:
    """Whether a layer of images, or an input of a program that has such layers, is given a shape like (3, 224, 224); or one of
    volumes or films a shape like (3, 16, 112, 112)."""
    return _shows(context, _OF_IMAGES, 3) or _shows(context, _OF_VOLUMES, 4)


def _shows(context: Context, layers: frozenset[str], axes: int) -> bool:
    for call, scope in _calls(context, (*layers, _INPUT)):
        if not _is_first(context, call, scope, axes):
            continue
        path = context.evaluator.path(call.func, scope)
        if path in layers:
            return not any(keyword.arg in ("dim_ordering", "data_format") for keyword in call.keywords)
        if path == _INPUT:
            return any(context.evaluator.path(other.func, inner) in layers for other, inner in _calls(context, layers))
    return False


def _calls(context: Context, paths: Iterable[str]) -> list[tuple[ast.Call, Scope]]:
    """The calls whose callee is spelled like one of these, or by a name that an import gives it, in the order of the text."""
    module = context.scopes
    names = {path.rpartition(".")[2] for path in paths}
    names |= {
        binding.name for binding in module.imports if isinstance(binding.node, ast.alias) and binding.node.name in names
    }  # fmt: skip
    found = [call for name in names for call in context.evaluator.callers(module, name)]
    return sorted(found, key=lambda call: (call[0].lineno, call[0].col_offset))


def _is_first(context: Context, call: ast.Call, scope: Scope, axes: int) -> bool:
    """Whether a call is given the shape of an image, or of a volume, whose channels stand first."""
    given = [keyword.value for keyword in call.keywords if keyword.arg in _SHAPES] or call.args[:1]
    if not given or not isinstance(given[0], ast.Tuple) or not axes <= len(given[0].elts) <= axes + 1:
        return False
    conditions = Conditions(context.evaluator, scope)
    first, last = (conditions.literal(item) for item in (given[0].elts[-axes], given[0].elts[-1]))
    return first in _CHANNELS and not isinstance(first, bool) and not (isinstance(last, int) and last <= _MOST)
