"""What of the logs of a batch does a callback read? From 2.4 on there is neither `batch` nor `size`, and the rest are means."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from kmigrate.edits import Edit, replace
from kmigrate.match.found import Found
from kmigrate.resolve.scopes import FunctionNode, ModuleScope
from kmigrate.resolve.values import UserFunction, only
from kmigrate.rewrite.arguments.rewriting import rewrite_arguments
from kmigrate.rewrite.arguments.site import Rewritten
from kmigrate.rewrite.decision import Changed, Decision, ForReview, Same, Told
from kmigrate.rewrite.facts import Facts
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.plan import Refusal
from kmigrate.ruleset.schema import Rule

_WITHOUT = ">=2.4"
_BATCH, _SIZE = "batch", "size"
_END = "on_batch_end"
_MEANS = (
    "From Keras 2.4 on the loss and the metrics in the logs of on_batch_end are means of the epoch so far, in Keras 1 those of "
    "the batch. With batches of one size that of batch i is (i + 1) * now - i * before."
)


def of_method(facts: Facts, rule: Rule, found: Found) -> Decision | None:
    """`logs['batch']` in on_batch_end is its parameter; the size is left to a person."""
    function = found.node
    assert isinstance(function, ast.FunctionDef)
    if not facts.places.is_for(_WITHOUT):
        return Same()
    loads = _loads(facts.scopes, function, 2)
    reads = list(_reads(facts.scopes, loads))
    notes = (Told(rule.id, _MEANS, (), _WITHOUT),) if function.name == _END and len(loads) > len(reads) else ()
    if not reads:
        return Same(notes)
    batch = function.args.args[1].arg
    plain = [
        node
        for node, key in reads
        if key == _BATCH and not isinstance(node, ast.Compare) and not facts.scopes.in_fstring(node)
    ]
    rebound = len(facts.scopes.scope_of[function].bindings.get(batch, ())) > 1
    if rebound or len(plain) < len(reads):
        lines = ", ".join(str(line) for line in sorted({node.lineno for node, _ in reads}))
        return ForReview(rule.id, f"{rule.say} Read in line {lines}.")
    return Changed(rule, tuple(_parameter(facts, node, batch, rule.id) for node in plain), notes=notes)


def of_lambda(context: Context) -> Rewritten | Refusal:
    """The same of functions that LambdaCallback is given: all is left to a person."""
    means = False
    for name in ("on_batch_begin", _END):
        given = context.site.bound.get(name)
        function = only(context.evaluator.values(given.value, context.found.scope)) if given is not None else None
        new = context.site.is_for(_WITHOUT)
        if new and isinstance(function, UserFunction):
            leading = 1 if function.owner is not None else 0
            loads = _loads(function.scope.module, function.node, 1 + leading)
            if any(_reads(function.scope.module, loads)):
                return Refusal(context.rule.say or context.rule.title)
            means = means or (name == _END and bool(loads))
    rewritten = rewrite_arguments(context.site, context.rewrite)
    if means and isinstance(rewritten, Rewritten):
        rewritten.notes.append(Told(context.rule.id, _MEANS, (), _WITHOUT))
    return rewritten


def _loads(scopes: ModuleScope, function: FunctionNode, index: int) -> list[ast.Name]:
    """Where a function uses its parameter at `index`, the logs; nowhere where it merely gives it another value."""
    parameters = function.args.args
    if len(parameters) <= index:
        return []
    scope, name = scopes.scope_of[function], parameters[index].arg
    found = [node for node, inner in scopes.loads.get(name, ()) if inner.lookup(name) is scope]
    return [node for node in found if not _is_handed_on(scopes.parents.get(node))]


def _is_handed_on(parent: ast.AST | None) -> bool:
    """Whether the logs are looked at no further here: `logs = logs or {}`, `super().on_batch_end(batch, logs)`."""
    if isinstance(parent, ast.Call):
        return isinstance(parent.func, ast.Attribute) and parent.func.attr.startswith("on_")
    return isinstance(parent, ast.BoolOp)


def _reads(scopes: ModuleScope, loads: list[ast.Name]) -> Iterator[tuple[ast.expr, str]]:
    """What asks the logs for one of the keys: `logs['size']`, `logs.get('size')`, `'size' in logs`."""
    for node in loads:
        found = _read(scopes, node)
        if found is not None and found[1] in (_BATCH, _SIZE):
            yield found


def _read(scopes: ModuleScope, node: ast.Name) -> tuple[ast.expr, str] | None:
    parent = scopes.parents.get(node)
    match parent:
        case ast.Subscript(value=value, slice=ast.Constant(value=str() as key), ctx=ast.Load()) if value is node:
            return parent, key
        case ast.Compare(left=ast.Constant(value=str() as key), ops=[ast.In() | ast.NotIn()], comparators=[value]) if (
            value is node
        ):
            return parent, key
        case ast.Attribute(attr="get"):
            call = scopes.parents.get(parent)
            if isinstance(call, ast.Call) and call.func is parent and call.args:
                first = call.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    return call, first.value
    return None


def _parameter(facts: Facts, node: ast.expr, name: str, rule: str) -> Edit:
    span = facts.module.span(node)
    return replace(span.start, span.end, name, rule=rule)
