"""Which keys of the logs of a batch does a callback read? From Keras 2.4 on there is neither `batch` nor `size`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from kmigrate.edits import Edit, replace
from kmigrate.match.found import Found
from kmigrate.resolve.scopes import FunctionNode, ModuleScope
from kmigrate.resolve.values import UserFunction, only
from kmigrate.rewrite.arguments.rewriting import rewrite_arguments
from kmigrate.rewrite.arguments.site import Rewritten
from kmigrate.rewrite.decision import Changed, Decision, ForReview, Same
from kmigrate.rewrite.facts import Facts
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.plan import Refusal, allows
from kmigrate.ruleset.schema import Rule

_WITHOUT = ">=2.4"
_BATCH, _SIZE = "batch", "size"


def of_method(facts: Facts, rule: Rule, found: Found) -> Decision | None:
    """`logs['batch']` in on_batch_end is its parameter; the size is left to a person."""
    function = found.node
    assert isinstance(function, ast.FunctionDef)
    if not any(allows(_WITHOUT, target.version) for target in facts.places.targets):
        return Same()
    reads = list(_reads(facts.scopes, function, 2))
    if not reads:
        return Same()
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
    return Changed(rule, tuple(_parameter(facts, node, batch, rule.id) for node in plain))


def of_lambda(context: Context) -> Rewritten | Refusal:
    """The same of functions that LambdaCallback is given: all is left to a person."""
    for name in ("on_batch_begin", "on_batch_end"):
        given = context.site.bound.get(name)
        function = only(context.evaluator.values(given.value, context.found.scope)) if given is not None else None
        new = any(allows(_WITHOUT, version) for version, _ in context.site.targets)
        if new and isinstance(function, UserFunction):
            leading = 1 if function.owner is not None else 0
            if any(_reads(function.scope.module, function.node, 1 + leading)):
                return Refusal(context.rule.say or context.rule.title)
    return rewrite_arguments(context.site, context.rewrite)


def _reads(scopes: ModuleScope, function: FunctionNode, index: int) -> Iterator[tuple[ast.expr, str]]:
    """What asks the logs, the parameter at `index`, for one of the keys: `logs['size']`, `logs.get('size')`, `'size' in logs`."""
    parameters = function.args.args
    if len(parameters) <= index:
        return
    scope = scopes.scope_of[function]
    name = parameters[index].arg
    for node, inner in scopes.loads.get(name, ()):
        if inner.lookup(name) is scope:
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
