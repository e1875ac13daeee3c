"""`Deconvolution2D(output_shape=...)`: Keras 2 computes the size itself, or is told the rest by `output_padding`.

Keras 1 hands `output_shape` to TensorFlow, which demands that a convolution would lead back from it to the input. So
the input size follows from it (`ceil(out / s)` for 'same', `ceil((out - k + 1) / s)` for 'valid'), and with it what
Keras 2 would compute (`keras/utils/conv_utils.py` of 2.2.4, `deconv_length`).
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Iterator
from dataclasses import dataclass

from kmigrate.match.conditions import Conditions
from kmigrate.match.literals import MISSING
from kmigrate.rewrite.arguments.rewriting import rewrite_arguments
from kmigrate.rewrite.arguments.site import Rewritten
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.handlers.ordering import sets_channels_first
from kmigrate.rewrite.plan import Refusal

_SIZE = (
    "Keras 2 has no `output_shape`. Its size is in * stride for padding='same', and "
    "in * stride + max(kernel - stride, 0) for 'valid'. Where that is the wanted size, drop `output_shape`; otherwise "
    "give output_padding (from 2.2.1). Make the kernel one tuple, kernel_size=(rows, columns), and rename subsample to "
    "strides and border_mode to padding."
)
_ROWS = {"th": 2, "tf": 1}
_CHANNELS = {"th": 1, "tf": 3}


@dataclass(frozen=True, slots=True)
class _Axis:
    """What is known of one axis: a number, or None."""

    out: int | None
    kernel: int | None
    stride: int

    def padding(self, mode: str) -> tuple[bool, int] | None:
        """Whether Keras 2 computes this size by itself, and the output padding that gives it; None if nobody knows."""
        if self.stride == 1 and self.kernel is None:
            return True, 0
        if self.out is None:
            return (True, 0) if self.stride == 1 else None
        if self.kernel is None:
            return (True, 0) if mode == "same" and self.out % self.stride == 0 else None
        crop = 2 * (self.kernel // 2) if mode == "same" else 0
        before = -(-self.out // self.stride) if mode == "same" else -(-(self.out - self.kernel + 1) // self.stride)
        usual = before * self.stride + (max(self.kernel - self.stride, 0) if mode == "valid" else 0)
        return usual == self.out, self.out - (before - 1) * self.stride - self.kernel + crop


def output_shape(context: Context) -> Rewritten | Refusal:
    """The argument table, with `output_padding` where the wanted size is not the usual one."""
    site = context.site
    mode = _literal(context, "border_mode", "valid")
    strides = _literal(context, "subsample", (1, 1))
    if strides in ((1, 1), [1, 1]):
        return rewrite_arguments(site, context.rewrite)
    numbers = isinstance(strides, tuple | list) and len(strides) == 2 and all(type(item) is int for item in strides)
    if not numbers or mode not in ("same", "valid"):
        return Refusal(_SIZE)
    assert isinstance(strides, tuple | list) and isinstance(mode, str)
    kernel = [_kernel(context, name) for name in ("nb_row", "nb_col")]
    answers = {_answer(sizes, kernel, list(strides), mode) for sizes in _sizes(context)}
    if len(answers) != 1 or None in answers:
        return Refusal(_SIZE)
    (answer,) = answers
    rewrite = context.rewrite
    if answer:
        stride = tuple(strides)
        if any(not 0 <= padding < step for padding, step in zip(answer, stride, strict=True)):
            return Refusal(
                f"the wanted size needs output_padding={answer}, and Keras 2 takes only values less than the strides, "
                f"{stride}: use a kernel of odd size, or another size."
            )
        rewrite = rewrite.model_copy(update={"add": {**rewrite.add, "output_padding": str(answer)}})
    return rewrite_arguments(site, rewrite)


def _answer(
    sizes: tuple[int | None, int | None] | None, kernel: list[int | None], strides: list[int], mode: str
) -> tuple[int, ...] | None:
    """The output padding; () where Keras 2 comes to the same size without, None where nobody knows."""
    if sizes is None:
        return None
    found = [_Axis(*axis).padding(mode) for axis in zip(sizes, kernel, strides, strict=True)]
    known = [item for item in found if item is not None]
    if len(known) < len(found):
        return None
    if all(usual for usual, _ in known):
        return ()
    return tuple(padding for _, padding in known) if None not in kernel and None not in sizes else None


def _sizes(context: Context) -> Iterator[tuple[int | None, int | None] | None]:
    """(rows, columns) of each shape that `output_shape` can be, in each layout that it can have."""
    argument = context.site.bound.get("output_shape")
    if argument is None:
        yield None
        return
    scope = context.found.scope
    for node, inner in context.evaluator.assigned(argument.value, scope) or [(argument.value, scope)]:
        if not isinstance(node, ast.Tuple | ast.List) or len(node.elts) != 4:
            yield None
            continue
        conditions = Conditions(context.evaluator, inner)
        for ordering in _orderings(context, node.elts, conditions):
            row = _ROWS[ordering]
            yield _number(node.elts[row], conditions), _number(node.elts[row + 1], conditions)


def _orderings(context: Context, items: list[ast.expr], conditions: Conditions) -> list[str]:
    """The layouts that a shape can have: as the call says, or where the filters stand, or as the program sets it."""
    said = _literal(context, "dim_ordering", "default")
    if isinstance(said, str) and said in _ROWS:
        return [said]
    filters = context.site.bound.get("nb_filter")
    fitting = [
        ordering
        for ordering, place in _CHANNELS.items()
        if filters is not None and _equal(items[place], filters.value, conditions, context.site.conditions)
    ]
    if len(fitting) == 1:
        return fitting
    return ["th" if sets_channels_first(context) else "tf"] if said == "default" else list(_ROWS)


def _equal(item: ast.expr, filters: ast.expr, there: Conditions, here: Conditions) -> bool:
    if ast.dump(item) == ast.dump(filters):
        return True
    first = _number(item, there)
    return first is not None and first == _number(filters, here)


def _literal(context: Context, name: str, default: object) -> object:
    argument = context.site.bound.get(name)
    if argument is None:
        return default
    found = context.site.conditions.literal(argument.value)
    if found is MISSING and isinstance(argument.value, ast.Tuple | ast.List):
        numbers = [_number(item, context.site.conditions) for item in argument.value.elts]
        return tuple(numbers)
    if found is MISSING:
        made = context.evaluator.assigned_once(argument.value, context.found.scope)
        if made is not None:
            return Conditions(context.evaluator, made[1]).literal(made[0])
    return found


def _kernel(context: Context, name: str) -> int | None:
    argument = context.site.bound.get(name)
    return _number(argument.value, context.site.conditions) if argument is not None else None


def _number(node: ast.expr, conditions: Conditions) -> int | None:
    """A whole number: a literal, a name of one, or simple arithmetic of such."""
    if isinstance(node, ast.BinOp):
        action = _ARITHMETIC.get(type(node.op))
        left, right = _number(node.left, conditions), _number(node.right, conditions)
        if action is None or left is None or right is None or (isinstance(node.op, ast.FloorDiv) and right == 0):
            return None
        result: int = action(left, right)
        return result
    found = conditions.literal(node)
    return found if type(found) is int else None


_ARITHMETIC = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.FloorDiv: operator.floordiv}
