"""What a call of compile means for the loss and the metrics, beside its arguments."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from kmigrate.edits import replace
from kmigrate.match.literals import items
from kmigrate.resolve.scopes import Binding, Scope
from kmigrate.rewrite.arguments.rewriting import rewrite_arguments
from kmigrate.rewrite.arguments.site import Rewritten
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.handlers.metrics import coming_twice, giving_a_dict, giving_one_number
from kmigrate.rewrite.handlers.outputs import Outputs
from kmigrate.rewrite.handlers.shared_models import told_of_penalties
from kmigrate.rewrite.literals import lookup, text_of
from kmigrate.rewrite.plan import Refusal

_OTHER = {("binary_crossentropy", "softmax"), ("categorical_crossentropy", "sigmoid")}
_ACCURACY = frozenset({"accuracy", "acc"})


def compiled(context: Context) -> Rewritten | Refusal:
    """The argument table; metrics that a caller names, and what Keras 2.15 computes otherwise."""
    several = giving_a_dict(context)
    if several is not None:
        return Refusal(
            f"the metric `{several}` gives a dict of values, which Keras 2 refuses. Pass a function for each of its values, "
            "named like its key, so that the names in the history stay."
        )
    once = context.site.is_for(">=2.3")
    twice = coming_twice(context) if once else None
    if twice is not None:
        return Refusal(
            f"the metric `{twice}` is in the list twice. Keras 2.3 gives other values then, and later versions refuse it: leave "
            "it out, and count one value less in what evaluate and train_on_batch give."
        )
    rewritten = rewrite_arguments(context.site, context.rewrite)
    if isinstance(rewritten, Refusal):
        return rewritten
    rewritten.notes.extend(_told(context))
    rewritten.notes.extend(told_of_penalties(context))
    one = giving_one_number(context)
    if one is not None and once:
        rewritten.notes.append(
            f"the metric `{one}` is one number for a batch. From Keras 2.3 on its value over an epoch is the plain mean of the "
            "batches, where Keras 1 weighs each by its samples: an incomplete last batch counts more."
        )
    _rename_passed(context, rewritten)
    return rewritten


def _told(context: Context) -> Iterator[str]:
    """Losses on another activation, and the accuracy of several labels (`keras/losses.py` of 2.15 reads the logits)."""
    loss = context.site.bound.get("loss")
    node = context.found.node
    if loss is None or not isinstance(node, ast.Attribute) or "2.15.0" not in dict(context.site.targets):
        return
    name = context.site.conditions.literal(loss.value)
    if name not in ("binary_crossentropy", "categorical_crossentropy"):
        return
    output = Outputs(context.scopes, context.evaluator).of(node.value, context.found.scope, context.site.call)
    if output is None:
        return
    if (name, output.activation) in _OTHER:
        yield (
            f"'{name}' stands on a {output.activation} here: Keras 2.15 computes the loss from what goes into the "
            "activation, so that the values differ. Lambda(lambda t: t * 1.) as last layer gives back the loss of Keras 1."
        )
    metrics = context.site.bound.get("metrics")
    asked = [context.site.conditions.literal(item) for item in items(metrics.value)] if metrics is not None else []
    if name == "binary_crossentropy" and output.units not in (None, 1) and _ACCURACY.intersection(asked):
        yield (
            f"'accuracy' of {output.units} outputs: Keras 2.15 compares the largest one, Keras 1 each of them. Pass "
            "def acc(y_true, y_pred): return K.mean(K.equal(y_true, K.round(y_pred)), axis=-1)."
        )


def _rename_passed(context: Context, rewritten: Rewritten) -> None:
    """`metrics=metrics` in a function of the user: its callers in this module name them."""
    metrics = context.site.bound.get("metrics")
    spec = context.rewrite.arguments.get("metrics")
    if metrics is None or spec is None or spec.items is None:
        return
    for source in _sources(context, metrics.value, context.found.scope):
        for item in items(source):
            if not isinstance(item, ast.Constant) or not isinstance(item.value, str):
                continue
            listed, new = lookup(spec.items, item.value)
            if listed and isinstance(new, str) and new != item.value:
                span = context.site.module.span(item)
                text = text_of(new, context.site.module.segment(item))
                rewritten.edits.append(replace(span.start, span.end, text, rule=context.rule.id))


_LISTED = ast.List | ast.Tuple | ast.Dict


def _sources(context: Context, node: ast.expr, scope: Scope) -> Iterator[ast.expr]:
    """The list and dict literals of this module that an expression can hold, by names or as callers of its function give them."""
    for part in _parts(node):
        if part is not node and isinstance(part, _LISTED):
            yield part
        if not isinstance(part, ast.Name):
            continue
        for binding in _bindings(context, part, scope):
            if binding.assigned is not None:
                yield from _literals(binding.assigned)
            elif binding.kind == "augmented" and binding.value is not None:
                yield from _literals(binding.value)
            elif binding.kind == "parameter":
                if binding.value is not None:
                    yield from _literals(binding.value)
                yield from _given(context, binding.name, binding.scope)
        yield from _added(context, part, scope)


def _bindings(context: Context, name: ast.Name, scope: Scope) -> list[Binding]:
    """What a name can be bound by, and what that is put onto: `names += ['mse']`."""
    found = list(context.evaluator.bindings(name, scope) or ())
    for binding in found:  # grows
        if binding.kind == "augmented" and isinstance(binding.node, ast.Name):
            found += [before for before in context.evaluator.bindings(binding.node, binding.scope) or () if before not in found]
    return found


def _parts(node: ast.expr) -> Iterator[ast.expr]:
    """An expression, and those that it is put together of or chooses between."""
    yield node
    match node:
        case ast.BoolOp(values=parts):
            inner = parts
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            inner = [left, right]
        case ast.IfExp(body=body, orelse=orelse):
            inner = [body, orelse]
        case ast.Call(func=ast.Name(id="list" | "tuple" | "sorted"), args=[listed], keywords=[]):
            inner = [listed]
        case _:
            return
    for part in inner:
        yield from _parts(part)


def _added(context: Context, name: ast.Name, scope: Scope) -> Iterator[ast.expr]:
    """What the methods of a list add to what a name holds: `names.append('accuracy')`."""
    owner = scope.lookup(name.id)
    for load, inner in context.scopes.loads.get(name.id, ()) if owner is not None else ():
        method = context.scopes.parents.get(load)
        call = context.scopes.parents.get(method) if isinstance(method, ast.Attribute) else None
        if not isinstance(method, ast.Attribute) or not isinstance(call, ast.Call) or call.func is not method:
            continue
        if method.attr in ("append", "extend", "insert") and inner.lookup(name.id) is owner:
            yield from call.args[-1:]


def _given(context: Context, name: str, scope: Scope) -> Iterator[ast.expr]:
    function = scope.node
    if not isinstance(function, ast.FunctionDef):
        return
    arguments = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    for call, inner in context.evaluator.callers(context.scopes, function.name):
        known = context.evaluator.values(call.func, inner)
        if not any(getattr(value, "node", None) is function for value in known):
            continue
        shift = 1 if isinstance(call.func, ast.Attribute) and arguments[:1] == ["self"] else 0
        index = arguments.index(name) - shift if name in arguments else len(call.args)
        for value in [*call.args[index : index + 1], *(k.value for k in call.keywords if k.arg == name)]:
            yield from _literals(value)


def _literals(node: ast.expr) -> Iterator[ast.expr]:
    for part in _parts(node):
        if isinstance(part, _LISTED):
            yield part
