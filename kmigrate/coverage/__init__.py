"""Is everything that differs between Keras 1 and Keras 2 treated by some rule?

Computed from the signature tables and the loaded rules: whatever a program may import, call, read or define in Keras
1.2.2 and that is not the same in every target is an item; the rules that treat it are found as the engine finds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kmigrate.coverage.between import Between
from kmigrate.coverage.items import KINDS, Coverage, Item
from kmigrate.coverage.members import Members
from kmigrate.coverage.names import Names
from kmigrate.coverage.parameters import Parameters
from kmigrate.coverage.protocols import protocols
from kmigrate.keras.signatures import KERAS_1, knowledge
from kmigrate.keras.versions import resolve_targets
from kmigrate.match.rules import index
from kmigrate.rewrite.modules import Places
from kmigrate.ruleset.select import for_targets

if TYPE_CHECKING:
    from kmigrate.ruleset.schema import Rule


def coverage(rules: Iterable[Rule], to: str | None = None) -> Coverage:
    """What of Keras 1 differs in the targets that `to` stands for, and which rules treat it."""
    targets = resolve_targets(to)
    keras1 = knowledge(KERAS_1)
    found = index(for_targets(tuple(rules), targets), keras1)
    places = Places(keras1, tuple(knowledge(version) for version in targets), found)
    order = list(KINDS)
    items = sorted(_items(Between(keras1, places, found)), key=lambda item: (order.index(item.kind), item.name))
    return Coverage(targets, tuple(items))


def _items(between: Between) -> Iterator[Item]:
    yield from Names(between).modules()
    yield from Names(between).names()
    for path in between.documented:
        facts = between.keras1.get(path)
        if facts is not None and facts.signature is not None:
            yield from Parameters(between).call(path, facts.signature, between.keras1.ancestors(path))
    yield from Members(between).members()
    yield from protocols(between)
