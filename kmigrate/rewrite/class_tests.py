"""Does a reference tell objects apart by a class that Keras 2 has no more, because two classes of Keras 1 became one?"""

from __future__ import annotations

import ast

from kmigrate.match.found import Found
from kmigrate.rewrite.decision import ForReview
from kmigrate.rewrite.facts import Facts
from kmigrate.ruleset.schema import Rule


def told_apart(facts: Facts, found: Found, rule: Rule, target: str | None) -> ForReview | None:
    """The review of `isinstance(layer, AtrousConvolution2D)` and the like: written with Conv2D, it is true of every Conv2D."""
    primary = facts.places.keras1.canonical(target) if target is not None else None
    if target is None or primary is None or primary == found.name or not _tests(facts, found, primary):
        return None
    old, new = found.name.rpartition(".")[2], target.rpartition(".")[2]
    return ForReview(
        rule.id, f"`{old}` is a `{new}` like any other in Keras 2, so that nothing tells them apart by their class.",
        "Ask for what the layer has besides: dilation_rate is above 1 in an atrous convolution, and the input of a "
        "TimeDistributedDense has three axes.",
    )  # fmt: skip


def _tests(facts: Facts, found: Found, primary: str) -> bool:
    """Whether the reference stands in a comparison, is the key of a table, or is asked for by isinstance without the other."""
    node = found.node
    parent = facts.scopes.parents.get(node)
    beside: list[ast.expr] = []
    if isinstance(parent, ast.Tuple | ast.List | ast.Set):
        node, beside = parent, parent.elts
        parent = facts.scopes.parents.get(node)
    if isinstance(parent, ast.Dict):
        return _is_own_entry(facts, found, parent, primary)
    asks = isinstance(parent, ast.Compare) or (
        isinstance(parent, ast.Call)
        and isinstance(parent.func, ast.Name)
        and parent.func.id in ("isinstance", "issubclass")
        and parent.args[1:] == [node]
    )
    return asks and not any(facts.evaluator.path(other, found.scope) == primary for other in beside)


def _is_own_entry(facts: Facts, found: Found, table: ast.Dict, primary: str) -> bool:
    """Whether the reference is the key of a table that does not give the same for the other class."""
    entries = [(key, ast.dump(value)) for key, value in zip(table.keys, table.values, strict=True) if key is not None]
    mine = [value for key, value in entries if key is found.node]
    others = [value for key, value in entries if facts.evaluator.path(key, found.scope) == primary]
    return bool(mine) and mine != others
