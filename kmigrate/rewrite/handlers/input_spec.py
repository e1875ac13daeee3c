"""`layer.input_spec[0]`: Keras 1 has a list there, Keras 2 only where a layer is recurrent."""

from __future__ import annotations

import ast

from kmigrate.match.found import Found
from kmigrate.rewrite.decision import Decision, Same
from kmigrate.rewrite.facts import Facts
from kmigrate.ruleset.schema import Rule

_LISTED = frozenset({"keras.layers.Recurrent", "keras.layers.Bidirectional", "keras.models.Model"})
"""Classes whose `input_spec` is a list, or what the class makes of its inputs."""


def item(facts: Facts, rule: Rule, found: Found) -> Decision | None:
    """A person must look where an item of it is asked for."""
    parent = facts.scopes.parents.get(found.node)
    listed = not _LISTED.isdisjoint(facts.places.keras1.ancestors(found.cls))
    return Same() if listed or not isinstance(parent, ast.Subscript) else None
