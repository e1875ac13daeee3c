"""Which modules and names of Keras 1 are not where they were, and which rules bring them to their place?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kmigrate.coverage.between import Between, gone_in, public
from kmigrate.coverage.items import Item


@dataclass(frozen=True)
class Names:
    """Walks through modules and import paths."""

    between: Between

    def modules(self) -> Iterator[Item]:
        for path in sorted(filter(public, self.between.keras1.modules)):
            missing = [keras.version for keras in self.between.places.targets if not keras.is_module(path)]
            if not missing:
                continue
            rules: tuple[str, ...] = ()
            if path in self.between.rules.modules:
                rules = (self.between.rules.modules[path][1].id,)
            elif path in self.between.rules.gone:
                rules = (self.between.rules.gone[path].id,)
            elif self.between.rules.moved is not None and self.between.places.module(path) is not None:
                rules = (self.between.rules.moved.id,)
            yield Item("module", path, gone_in(missing), rules)

    def names(self) -> Iterator[Item]:
        for path in sorted(filter(public, self.between.keras1.paths())):
            facts = self.between.keras1.get(path)
            if facts is None:
                continue
            missing = [keras.version for keras in self.between.places.targets if keras.get(path) is None]
            if missing:
                yield Item("name", path, gone_in(missing), self.naming(facts.path, path))

    def naming(self, primary: str, path: str) -> tuple[str, ...]:
        """The rules that bring a name to its place in Keras 2, or say what to do without it."""
        if primary in self.between.rules.gone:
            return (self.between.rules.gone[primary].id,)
        place = self.between.places.name(primary)
        if place is not None:
            rule = place[1] or (self.between.rules.moved if place[0] != path else None)
            return (rule.id,) if rule is not None else ()
        return tuple(rule.id for rule in self.between.rules.calls.get(primary, ()))
