"""Where the result of a call is compared with literals that change with it (`K.image_dim_ordering() == 'th'`).

Where the result certainly meets literals only in comparisons, the literals are renamed with the call. Elsewhere the user's
own vocabulary stays: the new call is put into a table that gives the old words.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kmigrate.edits import Edit, Span, replace
from kmigrate.match.found import Found
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import ModuleScope, Scope
from kmigrate.resolve.values import Result
from kmigrate.rewrite.literals import text_of
from kmigrate.source.module import Module


@dataclass(slots=True)
class Flow:
    """Renamed literals, or the table around the call."""

    edits: list[Edit] = field(default_factory=list)
    wrapper: Edit | None = None


def literal_edits(
    rule: str, found: Found, literals: Mapping[str, str], module: Module, scopes: ModuleScope, evaluator: Evaluator
) -> Flow:
    """The edits that keep comparisons with the result of `found.call` true."""
    result = frozenset({Result(found.name)})
    flow = Flow()
    if found.call is None:
        return flow
    if not _contained(found.call, found.scope, scopes, evaluator, result):
        table = ", ".join(f"{text_of(new)}: {text_of(old)}" for old, new in literals.items())
        span = module.span(found.call)
        flow.wrapper = replace(span.start, span.end, f"{{{table}}}[", Span(span.start, span.end), "]", rule=rule)
        return flow
    for compare, scope in scopes.compares:
        operands = [compare.left, *compare.comparators]
        if not any(evaluator.values(operand, scope) == result for operand in operands if _can_hold(operand)):
            continue
        for constant in _constants(operands):
            new = literals.get(str(constant.value))
            if new is not None:
                span = module.span(constant)
                flow.edits.append(replace(span.start, span.end, text_of(new, module.segment(constant)), rule=rule))
    return flow


def _can_hold(node: ast.expr) -> bool:
    return isinstance(node, ast.Call | ast.Name | ast.Attribute)


def _constants(operands: list[ast.expr]) -> Iterator[ast.Constant]:
    for operand in operands:
        items = operand.elts if isinstance(operand, ast.Tuple | ast.List | ast.Set) else [operand]
        for item in items:
            if isinstance(item, ast.Constant) and isinstance(item.value, str):
                yield item


def _contained(
    node: ast.expr, scope: Scope, scopes: ModuleScope, evaluator: Evaluator, result: frozenset[Result]
) -> bool:
    """Whether every place that the value reaches is a comparison, a Keras argument or output to a person."""
    parent = scopes.parents.get(node)
    match parent:
        case ast.Compare():
            return True
        case ast.keyword(arg="dim_ordering"):
            return True
        case ast.Expr():
            return True
        case ast.Call(func=ast.Name(id="print" | "str" | "repr")):
            return True
        case ast.Assign(targets=[ast.Name(id=name)]):
            owner = scope.lookup(name)
            if owner is None:
                return False
            for load, inner in scopes.names:
                if load.id != name or inner.lookup(name) is not owner or not isinstance(load.ctx, ast.Load):
                    continue
                bindings = evaluator.bindings(load, inner)
                if bindings is None or not any(binding.value is node for binding in bindings):
                    continue
                if evaluator.values(load, inner) != result:
                    return False
                if not _contained(load, inner, scopes, evaluator, result):
                    return False
            return name not in scopes.exported
        case _:
            return False
