"""Samples become steps: the batch size is looked for where the generator was made.

Keras 1 draws batches until it has seen N samples, so the number of batches is N / batch size, rounded up
(`keras/engine/training.py` of 1.2.2, `fit_generator`). The release notes round down, which is wrong for the last batch.
"""

from __future__ import annotations

import ast
import math
from dataclasses import dataclass

from kmigrate.edits import Edit, Span, insert, replace
from kmigrate.match.arguments import Misfit, bind
from kmigrate.resolve.scopes import Scope
from kmigrate.resolve.values import Instance, KerasMember, only
from kmigrate.rewrite.arguments import Rewritten, rewrite_arguments
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.layout import layout
from kmigrate.rewrite.plan import Refusal

_COUNTS = {
    "samples_per_epoch": ("generator", "steps_per_epoch"),
    "nb_val_samples": ("validation_data", "validation_steps"),
    "val_samples": ("generator", "steps"),
}
_ITERATOR = "keras.preprocessing.image.Iterator"
_SIMPLE = (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.Constant)


@dataclass(frozen=True, slots=True)
class _Batch:
    """The batch size: a number, or text that gives it where the call stands; `shuffle` is False if flow() said so."""

    number: int | None
    text: str
    shuffle: bool = True


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
        batch = _batch(context, made.value, context.found.scope) if made is not None else None
        if batch is None:
            shown = site.module.segment(argument.value)
            shown = shown if isinstance(argument.value, _SIMPLE) else f"({shown})"
            return Refusal(
                f"`{count}` counts samples, `{target}` batches, and the batch size of the generator can't be seen here: "
                f"write {target}=ceil({shown} / batch size)."
            )
        value = shape.slots[argument.order + site.bound.leading].value
        rewritten.edits.append(_divided(context, argument.value, value, batch))
        if count == "samples_per_epoch" and not batch.shuffle:
            at, text = shape.appended("shuffle=False")
            rewritten.edits.append(insert(at, text, rule=context.rule.id))
    return rewritten


def _divided(context: Context, value: ast.expr, span: Span, batch: _Batch) -> Edit:
    rule = context.rule.id
    if batch.number and isinstance(value, ast.Constant) and isinstance(value.value, int):
        return replace(span.start, span.end, str(math.ceil(value.value / batch.number)), rule=rule)
    before, after = ("", "") if isinstance(value, _SIMPLE) else ("(", ")")
    numpy = _numpy(context)
    if numpy is not None:
        divisor = f"{batch.number}." if batch.number else f"float({batch.text})"
        return replace(
            span.start, span.end, f"int({numpy}.ceil({before}", Span(span.start, span.end), f"{after} / {divisor}))", rule=rule
        )
    size = str(batch.number) if batch.number else batch.text
    return replace(
        span.start, span.end, f"({before}", Span(span.start, span.end), f"{after} + {size} - 1) // {size}", rule=rule
    )


def _numpy(context: Context) -> str | None:
    for binding in context.scopes.imports:
        alias = binding.node
        numpy = binding.kind == "import" and isinstance(alias, ast.alias) and alias.name == "numpy"
        if numpy and binding.scope in context.found.scope.chain():
            return binding.name
    return None


def _batch(context: Context, node: ast.expr, scope: Scope, depth: int = 0) -> _Batch | None:
    """The batch size of the generator that `node` is."""
    if depth > 4:
        return None
    evaluator = context.evaluator
    if isinstance(node, ast.Call):
        return _of_call(context, node, scope)
    if isinstance(node, ast.Name):
        bindings = evaluator.bindings(node, scope)
        if bindings is not None and len(bindings) == 1:
            (binding,) = bindings
            if binding.kind == "assign" and binding.value is not None and not binding.path:
                found = _batch(context, binding.value, binding.scope, depth + 1)
                if found is not None and (found.number or binding.scope in scope.chain()):
                    return found
    value = only(evaluator.values(node, scope))
    iterator = isinstance(value, Instance) and evaluator.classes.is_a(value.cls, _ITERATOR)
    if iterator and isinstance(node, ast.Name | ast.Attribute):
        return _Batch(None, f"{context.site.module.segment(node)}.batch_size")
    return None


def _of_call(context: Context, call: ast.Call, scope: Scope) -> _Batch | None:
    method = only(context.evaluator.values(call.func, scope))
    if not isinstance(method, KerasMember) or method.name not in ("flow", "flow_from_directory"):
        return None
    member = context.evaluator.world.keras.member(method.cls, method.name)
    if member is None or member.signature is None:
        return None
    bound = bind(member.signature, call)
    if isinstance(bound, Misfit) or bound.opaque is not None:
        return None
    shuffled = bound.get("shuffle")
    shuffle = not (shuffled is not None and isinstance(shuffled.value, ast.Constant) and shuffled.value.value is False)
    size = bound.get("batch_size")
    if size is None:
        return _Batch(32, "32", shuffle)
    if isinstance(size.value, ast.Constant) and isinstance(size.value.value, int):
        return _Batch(size.value.value, str(size.value.value), shuffle)
    if isinstance(size.value, ast.Name | ast.Attribute) and _same_value(context, size.value, scope):
        return _Batch(None, ast.unparse(size.value), shuffle)
    return None


def _same_value(context: Context, node: ast.Name | ast.Attribute, scope: Scope) -> bool:
    """Whether the name means the same at the call: one binding, in a scope that both can see."""
    root: ast.expr = node
    while isinstance(root, ast.Attribute):
        root = root.value
    if not isinstance(root, ast.Name):
        return False
    owner = scope.lookup(root.id)
    return owner is not None and context.found.scope.lookup(root.id) is owner and len(owner.bindings[root.id]) == 1
