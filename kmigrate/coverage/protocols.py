"""Which methods that subclasses define would a Keras 2 never call, and which rules treat them?"""

from __future__ import annotations

from collections.abc import Iterator

from kmigrate.coverage.between import Between, gone_in, public
from kmigrate.coverage.items import Item


def protocols(between: Between) -> Iterator[Item]:
    """Methods that subclasses in Keras itself define anew, and that a Keras 2 would never call.

    get_config is called wherever a class defines it, whether its base class does or not.
    """
    overridden: dict[str, set[str]] = {}
    for cls in between.keras1.paths():
        facts = between.keras1.get(cls)
        for ancestor in between.keras1.ancestors(cls)[1:] if facts is not None and facts.kind == "class" else ():
            above = between.keras1.get(ancestor)
            if facts is not None and above is not None:
                defined = (name for name, member in above.members.items() if member.kind != "attribute")
                overridden.setdefault(ancestor, set()).update(name for name in defined if name in facts.members)
    for cls, names in sorted(overridden.items()):
        if not public(cls):
            continue
        for name in sorted(filter(public, names - {"get_config"})):
            versions = [
                keras.version
                for keras in between.places.targets
                if (there := between.class_in(keras, cls)) is not None and keras.member(there, name) is None
            ]
            if versions:
                rules = tuple(rule.id for rule in between.rules.methods.get(name, ()) if between.of(rule, cls))
                yield Item("protocol", f"{cls}.{name}", gone_in(versions), rules)
