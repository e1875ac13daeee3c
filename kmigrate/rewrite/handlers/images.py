"""Which shifts and interpolation an ImageDataGenerator has in each version."""

from __future__ import annotations

from kmigrate.edits import insert, replace
from kmigrate.keras.specifiers import allows
from kmigrate.match.arguments import Argument
from kmigrate.match.literals import MISSING, same
from kmigrate.rewrite.arguments.rewriting import rewrite_arguments
from kmigrate.rewrite.arguments.site import Rewritten
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.layout import layout
from kmigrate.rewrite.plan import Refusal

_WIDTH, _HEIGHT = "width_shift_range", "height_shift_range"
_MOVING = ("rotation_range", _WIDTH, _HEIGHT, "shear_range", "zoom_range")
_INTERPOLATED = (
    "From Keras 2.2 on images that are rotated, shifted, sheared or zoomed are interpolated, where Keras 1 copies the nearest "
    "pixel. Keras 2.3.1 and later take interpolation_order=0, which copies."
)
_EXCHANGED = (
    "Keras 2.9 to 2.15 exchange width_shift_range and height_shift_range, and the two differ here: exchange them there. From "
    "Keras 2.2 on a range of 1 or more counts pixels."
)
_PIXELS = "From Keras 2.2 on a shift range of 1 or more counts pixels; in Keras 1 it is a share of the size."


def generator(context: Context) -> Rewritten | Refusal:
    """The argument table; for one version alone, what it takes to move pixels as Keras 1 does."""
    site = context.site
    rewritten = rewrite_arguments(site, context.rewrite)
    if isinstance(rewritten, Refusal) or not any(_moves(context, name) for name in _MOVING):
        return rewritten
    versions = [version for version, _ in site.targets]
    exchanged = [version for version in versions if allows(">=2.9", version)]
    shifts = [site.bound.get(name) for name in (_WIDTH, _HEIGHT)]
    if exchanged and not _alike(context, *shifts):
        if len(exchanged) < len(versions):
            rewritten.notes.append(_EXCHANGED)
        else:
            _exchange(context, rewritten, shifts)
    if all(allows(">=2.2.5", version) for version in versions):
        at, text = layout(site.module, site.call).appended("interpolation_order=0")
        rewritten.edits.append(insert(at, text, rule=context.rule.id))
    elif site.is_for(">=2.2"):
        rewritten.notes.append(_INTERPOLATED)
    if any(_moves(context, name) and not _share(context, name) for name in (_WIDTH, _HEIGHT)):
        rewritten.notes.append(_PIXELS)
    return rewritten


def _moves(context: Context, name: str) -> bool:
    argument = context.site.bound.get(name)
    return argument is not None and not same(context.site.conditions.literal(argument.value), 0)


def _share(context: Context, name: str) -> bool:
    """Whether a range is certainly below 1."""
    argument = context.site.bound.get(name)
    value = context.site.conditions.literal(argument.value) if argument is not None else 0
    return isinstance(value, int | float) and abs(value) < 1


def _alike(context: Context, width: Argument | None, height: Argument | None) -> bool:
    """Whether both shifts are the same, so that it does not matter which is which."""
    values = [context.site.conditions.literal(item.value) if item is not None else 0.0 for item in (width, height)]
    if MISSING not in values:
        return same(values[0], values[1])
    if width is None or height is None:
        return False
    segments = {context.site.module.segment(item.value) for item in (width, height)}
    return len(segments) == 1


def _exchange(context: Context, rewritten: Rewritten, shifts: list[Argument | None]) -> None:
    """Rename each of the keywords to the other; shifts by position are left to the note."""
    site = context.site
    shape = layout(site.module, site.call)
    if any(argument is not None and argument.keyword is None for argument in shifts):
        rewritten.notes.append(_EXCHANGED)
        return
    for argument, other in zip(shifts, (_HEIGHT, _WIDTH), strict=True):
        if argument is not None:
            start = shape.slots[argument.order + site.bound.leading].whole.start
            rewritten.edits.append(replace(start, start + len(argument.parameter), other, rule=context.rule.id))
