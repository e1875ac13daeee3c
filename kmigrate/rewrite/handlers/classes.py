"""Classes out of probabilities, as the helpers of np_utils took them that Keras 2 has not."""

from __future__ import annotations

from functools import partial

from kmigrate.edits import Edit, Span, replace
from kmigrate.rewrite.decision import Changed, Text
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.handlers.numpy_names import numpy_name
from kmigrate.rewrite.plan import Refusal


def by_argmax(context: Context) -> Changed | Refusal:
    """`categorical_probas_to_classes(p)` is `np.argmax(p, axis=1)`, where NumPy is at hand."""
    given = context.site.bound.get("p")
    numpy = numpy_name(context)
    if given is None or numpy is None or len(context.site.bound.arguments) > 1:
        return Refusal(context.rule.say or context.rule.title)
    module = context.site.module
    whole, value = module.span(context.site.call), module.span(given.value)
    return Changed(context.rule, text=Text((), partial(_argmax, context.rule.id, whole, value, numpy)))


def _argmax(rule: str, whole: Span, value: Span, numpy: str, _spelled: dict[str, str]) -> list[Edit]:
    return [replace(whole.start, whole.end, f"{numpy}.argmax(", value, ", axis=1)", rule=rule)]
