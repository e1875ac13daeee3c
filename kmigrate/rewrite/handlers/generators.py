"""Samples become steps: the batch size is looked for where the generator was made.

Keras 1 draws batches until it has seen N samples, so the number of batches is N / batch size, rounded up
(`keras/engine/training.py` of 1.2.2, `fit_generator`). The release notes round down, which is wrong for the last batch.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator

from kmigrate.edits import Edit, Span, insert, replace
from kmigrate.rewrite.arguments.rewriting import rewrite_arguments
from kmigrate.rewrite.arguments.site import Rewritten
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.handlers.batches import Batch, batch_of
from kmigrate.rewrite.handlers.numpy_names import numpy_name
from kmigrate.rewrite.layout import layout
from kmigrate.rewrite.plan import Refusal

_COUNTS = {
    "samples_per_epoch": ("generator", "steps_per_epoch"),
    "nb_val_samples": ("validation_data", "validation_steps"),
    "val_samples": ("generator", "steps"),
}
_SIMPLE = (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.Constant)


def steps(context: Context) -> Rewritten | Refusal:
    """The argument table, with sample counts divided by the batch size; a refusal with the formula where it is unknown."""
    site = context.site
    rewrite = context.rewrite
    validation = site.bound.get("validation_data")
    if site.bound.get("nb_val_samples") and (validation is None or isinstance(validation.value, ast.Tuple)):
        arguments = {key: spec for key, spec in rewrite.arguments.items() if key != "nb_val_samples"}
        rewrite = rewrite.model_copy(
            update={"arguments": arguments, "drop": {**rewrite.drop, "nb_val_samples": "any"}}
        )
    rewritten = rewrite_arguments(site, rewrite)
    if isinstance(rewritten, Refusal):
        return rewritten
    shape = layout(site.module, site.call)
    for count, (source, target) in _COUNTS.items():
        argument = site.bound.get(count)
        if argument is None or count in rewrite.drop:
            continue
        made = site.bound.get(source)
        batch = batch_of(context, made.value, argument.value) if made is not None else None
        if batch is None:
            shown = site.module.segment(argument.value)
            shown = shown if isinstance(argument.value, _SIMPLE) else f"({shown})"
            return Refusal(
                f"`{count}` counts samples, `{target}` batches, and the batch size of the generator can't be seen here: "
                f"write {target}=ceil({shown} / batch size)."
            )
        value = shape.slots[argument.order + site.bound.leading].value
        rewritten.edits.append(_divided(context, argument.value, value, batch))
        rewritten.edits.extend(_renamed(context, argument.value, batch))
        rewritten.doubt = batch.doubt or rewritten.doubt
        if count == "samples_per_epoch" and not batch.shuffle:
            at, text = shape.appended("shuffle=False")
            rewritten.edits.append(insert(at, text, rule=context.rule.id))
    return rewritten


def _divided(context: Context, value: ast.expr, span: Span, batch: Batch) -> Edit:
    rule = context.rule.id
    if batch.number and isinstance(value, ast.Constant) and isinstance(value.value, int):
        return replace(span.start, span.end, str(math.ceil(value.value / batch.number)), rule=rule)
    before, after = ("", "") if isinstance(value, _SIMPLE) else ("(", ")")
    numpy = numpy_name(context)
    if numpy is not None:
        divisor = f"{batch.number}." if batch.number else f"float({batch.text})"
        return replace(
            span.start, span.end, f"int({numpy}.ceil({before}", Span(span.start, span.end), f"{after} / {divisor}))", rule=rule
        )
    size = str(batch.number) if batch.number else batch.text
    return replace(
        span.start, span.end, f"({before}", Span(span.start, span.end), f"{after} + {size} - 1) // {size}", rule=rule
    )


def _renamed(context: Context, value: ast.expr, batch: Batch) -> Iterator[Edit]:
    """`batches.nb_sample` of an object that nobody knows is `batches.n`, which each iterator has in each version."""
    if batch.doubt is not None and isinstance(value, ast.Attribute) and value.attr == "nb_sample":
        end = context.site.module.end(value)
        yield replace(end - len(value.attr), end, "n", rule=context.rule.id)
