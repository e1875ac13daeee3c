"""Which methods and attributes are gone or take something else, and which rules treat them?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kmigrate.coverage.between import Between, gone_in, is_method, public
from kmigrate.coverage.items import Item, Kind
from kmigrate.coverage.parameters import Parameters
from kmigrate.keras.signatures import Knowledge, Member
from kmigrate.ruleset.callee import Callee


@dataclass(frozen=True)
class Members:
    """Walks through the classes that live on."""

    between: Between

    def members(self) -> Iterator[Item]:
        """Members as they are read from objects of each class; a member counts once, where it is defined."""
        missing: dict[tuple[Kind, str], dict[str, tuple[str, ...]]] = {}
        gone: dict[str, list[str]] = {}
        for cls, member in self.owned():
            versions = [keras.version for keras in self.between.places.targets if not self.has(keras, cls, member)]
            kind: Kind = "method" if is_method(member) else "attribute"
            name = f"{member.owner}.{member.name}"
            if versions:
                missing.setdefault((kind, name), {})[cls] = self.reading(cls, member)
                gone.setdefault(name, []).extend(versions)
        for (kind, name), classes in missing.items():
            gaps = [cls for cls, rules in classes.items() if not rules]
            where = ""
            if gaps and gaps != [name.rpartition(".")[0]]:
                where = f" (read from {', '.join(gaps[:3])}{' …' if len(gaps) > 3 else ''})"
            rules = () if gaps else tuple(sorted({rule for found in classes.values() for rule in found}))
            yield Item(kind, name, gone_in(gone[name]) + where, rules)
        seen: set[str] = set()
        for cls, member in sorted(self.owned(), key=lambda owned: owned[0] != owned[1].owner):
            name = f"{member.owner}.{member.name}"
            if name not in seen and member.signature is not None and is_method(member):
                seen.add(name)
                yield from self.method(cls, member)

    def owned(self) -> Iterator[tuple[str, Member]]:
        """Every public class that lives on, with all its public members."""
        for cls in self.between.documented:
            if not any(self.between.class_in(keras, cls) for keras in self.between.places.targets):
                continue
            names = {
                name
                for ancestor in self.between.keras1.ancestors(cls)
                for name in getattr(self.between.keras1.get(ancestor), "members", ())
            }
            for name in sorted(filter(public, names)):
                member = self.between.keras1.member(cls, name)
                if member is not None:
                    yield cls, member

    def has(self, keras: Knowledge, cls: str, member: Member) -> bool:
        """Whether a target has the member, in the class of the object or in the class that defines it."""
        classes = [self.between.class_in(keras, name) for name in dict.fromkeys((cls, member.owner))]
        if not any(classes):
            return True
        found = [keras.member(name, member.name) for name in classes if name is not None]
        return any(new is not None and is_method(new) >= is_method(member) for new in found)

    def reading(self, cls: str, member: Member) -> tuple[str, ...]:
        """The rules that treat a member of an object of this class."""
        found = [
            rule
            for table in (self.between.rules.attributes, self.between.rules.methods)
            for rule in table.get(member.name, ())
            if self.between.of(rule, cls)
        ]
        found += self.between.rules.calls.get(f"{member.owner}.{member.name}", ())
        return tuple(dict.fromkeys(rule.id for rule in found))

    def method(self, cls: str, member: Member) -> Iterator[Item]:
        """The parameters of a method."""
        assert member.signature is not None
        name = f"{member.owner}.{member.name}"
        rules = [
            *self.between.rules.calls.get(name, ()),
            *(rule for rule in self.between.rules.methods.get(member.name, ()) if self.between.of(rule, cls)),
        ]
        new = [way.to.rpartition(".")[2] for rule in rules for way in self.between.ways(rule) if way.to is not None]
        after: list[Callee] = []
        for keras in self.between.places.targets:
            there = self.between.class_in(keras, cls)
            found = keras.member(there, (new or [member.name])[0]) if there is not None else None
            if found is not None and found.signature is not None:
                after.append(Callee(name, keras.version, found.signature))
        yield from Parameters(self.between).parameters(Callee(name, self.between.keras1.version, member.signature), after, rules)
