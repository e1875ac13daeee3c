"""Does a star import of Keras bind names in Keras 2 that the file has from elsewhere: `dot` of numpy, a function of its own?"""

from __future__ import annotations

from collections.abc import Iterator

from kmigrate.match.found import Found
from kmigrate.rewrite.decision import ForReview
from kmigrate.rewrite.facts import NO_RULE, Facts

_TOLD = 4
"""So many of the names are told of."""


def hiding(facts: Facts, found: Found) -> ForReview | None:
    """The review of `from keras.layers import *` in a file of Keras 1 that means something else by a name of Keras 2, and of
    an import in any file that would become such a one."""
    if not found.star:
        return None
    home = facts.places.module(found.name) or found.name
    hidden = sorted(_hidden(facts, found, home))
    if not hidden or (home == found.name and facts.dialect.keras2):
        return None
    names = ", ".join(f"`{name}`" for name in hidden[:_TOLD]) + (" and others" if len(hidden) > _TOLD else "")
    return ForReview(
        NO_RULE, f"`from {home} import *` binds {names} as well in Keras 2, which the file has from elsewhere.",
        "Put it above the statements that bind them, or import by name what the file needs of it.",
    )  # fmt: skip


def _hidden(facts: Facts, found: Found, home: str) -> Iterator[str]:
    """The names that the file loads, that only Keras 2 brings, and that something above the import binds."""
    places, top, line = facts.places, facts.scopes.top, getattr(found.node, "lineno", 0)
    known = places.keras1.public_names(found.name)
    for name, loads in facts.scopes.loads.items():
        if name in known or not any(target.get(f"{home}.{name}") is not None for target in places.targets):
            continue
        below = any(getattr(binding.node, "lineno", 0) > line for binding in top.bindings.get(name, ()))
        seen = any(scope.lookup(name) in (top, None) for _, scope in loads)
        if seen and not below and facts.evaluator.stars.contested(top, name, line):
            yield name
