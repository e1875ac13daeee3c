"""What a class of the user takes from `index_generator` of an image iterator: three values in Keras 1, one in Keras 2."""

from __future__ import annotations

from kmigrate.match.found import Found
from kmigrate.rewrite.decision import Already, Decision
from kmigrate.rewrite.facts import Facts
from kmigrate.ruleset.schema import Rule

_PROTOCOL = "_get_batches_of_transformed_samples"
"""What Keras 2 asks an iterator for."""


def indices(facts: Facts, rule: Rule, found: Found) -> Decision | None:
    """A person must look, unless the class is written for Keras 2."""
    classes = facts.evaluator.classes
    cls = classes.enclosing(found.scope)
    return Already() if cls is not None and classes.overridden(cls, _PROTOCOL) else None
