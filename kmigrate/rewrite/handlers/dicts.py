"""How the keys of a dict change, in a literal or in `dict(...)`."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from kmigrate.edits import Edit, Piece, Span
from kmigrate.edits import replace as replaced
from kmigrate.rewrite.facts import Facts
from kmigrate.rewrite.layout import Layout, Slot, layout
from kmigrate.rewrite.literals import text_of
from kmigrate.ruleset.schema import Rule

Key: TypeAlias = "tuple[str | None, tuple[tuple[Span, tuple[Piece, ...]], ...]]"
"""What becomes of one key: its new name (None: it goes), and the replaced stretches of its value."""


def dict_edits(
    facts: Facts, rule: Rule, node: ast.expr, items: Iterable[str], keys: Mapping[str, Key]
) -> list[Edit]:
    """The edits of a dict literal or of `dict(...)` with the keys `items`; the same for every call that unpacks it."""
    shape, places = _dict_layout(facts, node)
    edits: list[Edit] = []
    removed: set[int] = set()
    for index, key in enumerate(items):
        new, values = keys[key]
        if new is None:
            removed.add(index)
            continue
        span = places[index]
        if new != key:
            old = facts.module.text[span.start : span.end]
            text = new if isinstance(node, ast.Call) else text_of(new, old)
            edits.append(replaced(span.start, span.end, text, rule=rule.id))
        edits.extend(replaced(part.start, part.end, *pieces, rule=rule.id) for part, pieces in values)
    edits.extend(replaced(span.start, span.end, rule=rule.id) for span in shape.removals(frozenset(removed)))
    return edits


def _dict_layout(facts: Facts, node: ast.expr) -> tuple[Layout, list[Span]]:
    """The layout of a dict, and where its keys stand."""
    module = facts.module
    if isinstance(node, ast.Call):
        shape = layout(module, node)
        return shape, [
            Span(slot.whole.start, slot.whole.start + len(keyword.arg or ""))
            for slot, keyword in zip(shape.slots, node.keywords, strict=True)
        ]
    assert isinstance(node, ast.Dict)
    keys = [module.span(key) for key in node.keys if key is not None]
    slots = tuple(
        Slot(Span(key.start, module.end(value)), module.span(value))
        for key, value in zip(keys, node.values, strict=True)
    )
    return Layout(module.start(node), module.end(node) - 1, slots, module), keys
