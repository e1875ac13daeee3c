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
from kmigrate.rewrite.literals import table_of, text_of
from kmigrate.rewrite.reached import comparisons
from kmigrate.source.module import Module


@dataclass(slots=True)
class Flow:
    """Renamed literals, or the table around the call."""

    edits: list[Edit] = field(default_factory=list)
    wrapper: Edit | None = None


def literal_edits(rule: str, found: Found, literals: Mapping[str, str], module: Module, evaluator: Evaluator) -> Flow:
    """The edits that keep comparisons with the result of `found.call` true."""
    flow = Flow()
    if found.call is None:
        return flow
    reached = comparisons(found.call, found.scope, evaluator)
    if reached is None:
        span = module.span(found.call)
        table = table_of({new: old for old, new in literals.items()})
        flow.wrapper = replace(span.start, span.end, f"{table}[", Span(span.start, span.end), "]", rule=rule)
        return flow
    for constant in _constants(sorted(reached, key=module.start)):
        new = literals.get(str(constant.value))
        if new is not None:
            span = module.span(constant)
            flow.edits.append(replace(span.start, span.end, text_of(new, module.segment(constant)), rule=rule))
    return flow


def _constants(compares: list[ast.Compare]) -> Iterator[ast.Constant]:
    for compare in compares:
        for operand in (compare.left, *compare.comparators):
            items = operand.elts if isinstance(operand, ast.Tuple | ast.List | ast.Set) else [operand]
            for item in items:
                if isinstance(item, ast.Constant) and isinstance(item.value, str):
                    yield item
