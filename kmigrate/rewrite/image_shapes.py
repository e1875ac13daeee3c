"""Whether a program shows by the shape of its images that it counts on channels first.

Where it says so nowhere, Keras 1 takes the ordering from `image_dim_ordering` in keras.json, a key that no Keras 2 reads.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import replace as replaced

from kmigrate.match.found import Found
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import ModuleScope, Scope
from kmigrate.resolve.values import NOTHING, Literal, Sequence, Value, only
from kmigrate.rewrite.decision import Changed, Decision, Same, Told
from kmigrate.rewrite.facts import Facts

_IN_BOTH = ("Convolution", "ZeroPadding", "Cropping", "UpSampling", "MaxPooling", "AveragePooling", "SpatialDropout")
_OF_IMAGES = frozenset(
    f"keras.layers.{name}2D"
    for name in (*_IN_BOTH, "AtrousConvolution", "Deconvolution", "SeparableConvolution", "LocallyConnected")
)
_OF_VOLUMES = frozenset(f"keras.layers.{name}3D" for name in _IN_BOTH)
_KINDS = ((_OF_IMAGES, 3), (_OF_VOLUMES, 4))
_INPUT = "keras.layers.Input"
_LAYERS = "keras.layers."
_MOVING = frozenset({"keras.layers.Permute", "keras.layers.Reshape"})
"""Layers behind which the axes of the input stand elsewhere."""
_ASKED = "keras.backend.image_dim_ordering"
"""Its rule tells of keras.json."""
_SPEAKS = re.compile(r"^(?![ \t]*def \w+\(shape\b)[^#\n]*dim_ordering", re.MULTILINE)
"""An initializer of one's own, which has such a parameter in Keras 1, says nothing of the images."""
_OF_INPUT = ("input_shape", "batch_input_shape")
"""What the first layer of a model is told, of whatever kind it is."""
_SHAPES = (*_OF_INPUT, "shape", "batch_shape")
_CHANNELS = (1, 3)
_MOST = 4
"""More numbers of channels are rarer than fewer rows or columns."""
_FEW = 16
"""Images have more rows than that, and fewer channels."""
_NAMED = object()
_CALLED = re.compile(r"(?i)chan|planes|^ch$")
"""How people call the number of channels."""

_CONFIGURED = (
    "The channels come first in the shape of the images, and this file does not say so: Keras 1 has it from "
    '"image_dim_ordering": "th" in keras.json, or from another file. Keras 2 reads "image_data_format": "channels_first" in '
    "keras.json; without it the first number counts rows. Kernels are (rows, columns, in, out) there too: arrays for set_weights "
    "and weights= need np.transpose(kernel, (2, 3, 1, 0)), those of volumes (2, 3, 4, 1, 0)."
)


def shows_channels_first(evaluator: Evaluator, module: ModuleScope) -> bool:
    """Whether a layer of images, or what a program with such layers begins with, is given a shape like (3, 224, 224); or one of
    volumes or films a shape like (3, 16, 112, 112)."""
    return any(_shows(evaluator, module, layers, axes) for layers, axes in _KINDS)


def told_of_ordering(facts: Facts, decided: list[tuple[Found, Decision]]) -> list[tuple[Found, Decision]]:
    """These decisions, with a note at the first shape that shows channels first, if the module is one of Keras 1 and does not
    speak of an ordering."""
    rules = facts.places.rules.calls.get(_ASKED)
    if not rules or _speaks(facts.module.text):
        return decided
    used = {found.name for found, _ in decided if found.kind == "call"}
    kinds = [(layers, axes) for layers, axes in _KINDS if not layers.isdisjoint(used)]
    if not kinds or not any(isinstance(decision, Changed) for _, decision in decided):
        return decided
    for index, (found, decision) in enumerate(decided):
        if not isinstance(decision, Changed | Same) or found.kind != "call" or found.call is None:
            continue
        axes = [axes for layers, axes in kinds if found.name in layers or _begins(found.name, found.call)]
        if any(_is_first(facts.evaluator, found.call, found.scope, number) for number in axes):
            told = Told(rules[0].id, _CONFIGURED, ())
            return [*decided[:index], (found, replaced(decision, notes=(*decision.notes, told))), *decided[index + 1 :]]
    return decided


def _speaks(text: str) -> bool:
    """Whether a text says something of an ordering, outside of comments."""
    return "dim_ordering" in text and _SPEAKS.search(text) is not None


def _shows(evaluator: Evaluator, module: ModuleScope, layers: frozenset[str], axes: int) -> bool:
    begun = [(call, scope) for call, scope in module.calls if _is_told_its_input(call)]
    for call, scope in _in_order({*begun, *_calls(evaluator, module, (*layers, _INPUT))}):
        if not _is_first(evaluator, call, scope, axes):
            continue
        path = evaluator.path(call.func, scope)
        if path in layers:
            return not any(keyword.arg in ("dim_ordering", "data_format") for keyword in call.keywords)
        if path is not None and _begins(path, call):
            return any(evaluator.path(other.func, inner) in layers for other, inner in _calls(evaluator, module, layers))
    return False


def _begins(path: str, call: ast.Call) -> bool:
    """Whether a call makes what a model begins with, and leaves the axes of the input where they are."""
    return path == _INPUT or (path.startswith(_LAYERS) and path not in _MOVING and _is_told_its_input(call))


def _is_told_its_input(call: ast.Call) -> bool:
    return any(keyword.arg in _OF_INPUT for keyword in call.keywords)


def _in_order(calls: Iterable[tuple[ast.Call, Scope]]) -> list[tuple[ast.Call, Scope]]:
    """Calls in the order of the text."""
    return sorted(calls, key=lambda call: (call[0].lineno, call[0].col_offset))


def _calls(evaluator: Evaluator, module: ModuleScope, paths: Iterable[str]) -> list[tuple[ast.Call, Scope]]:
    """The calls whose callee is spelled like one of these, or by a name that an import gives it."""
    names = {path.rpartition(".")[2] for path in paths}
    names |= {
        binding.name for binding in module.imports if isinstance(binding.node, ast.alias) and binding.node.name in names
    }  # fmt: skip
    return [call for name in names for call in evaluator.callers(module, name)]


def _is_first(evaluator: Evaluator, call: ast.Call, scope: Scope, axes: int) -> bool:
    """Whether a call is given what can be the shape of an image, or of a volume, whose channels stand first."""
    given = [keyword.value for keyword in call.keywords if keyword.arg in _SHAPES] or call.args[:1]
    shapes = evaluator.values(given[0], scope) if given else NOTHING
    if any(isinstance(shape, Sequence) and _stands_first(shape, axes) for shape in shapes):
        return True
    return bool(shapes) and _is_called_first(evaluator, given[0], scope, axes)


def _is_called_first(evaluator: Evaluator, shape: ast.expr, scope: Scope, axes: int) -> bool:
    """Whether a shape is written (channels, rows, columns), in numbers that nobody knows.

    What a person calls them is no proof, and needs to be none: what follows from it is right under either ordering.
    """
    display, scope = evaluator.written(shape, scope)
    if not isinstance(display, ast.Tuple | ast.List) or not axes <= len(display.elts) <= axes + 1:
        return False
    first, last = display.elts[-axes], display.elts[-1]
    if not _CALLED.search(_name(first)) or _CALLED.search(_name(last)):
        return False
    return not isinstance(only(evaluator.values(first, scope)), Literal)


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _stands_first(shape: Sequence, axes: int) -> bool:
    """Whether the first of these axes holds channels: 1 or 3 of them, or so many as stand before two sides of one length."""
    if shape.homogeneous or not axes <= len(shape.items) <= axes + 1:
        return False
    first, *_, rows, last = (_number(only(values)) for values in shape.items[-axes:])
    if first in _CHANNELS:
        return not (isinstance(last, int) and last <= _MOST)
    square = isinstance(last, int) and last == rows and last > _FEW
    return square and (first is _NAMED or (isinstance(first, int) and first <= _FEW))


def _number(value: Value | None) -> object:
    """The number or the None that stands in a shape; _NAMED for what is neither."""
    return value.value if isinstance(value, Literal) and not isinstance(value.value, bool) else _NAMED
