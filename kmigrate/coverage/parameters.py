"""Which parameters can no longer be given as before, and which rules say what becomes of them?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kmigrate.coverage.between import Between, gone_in, public, whole
from kmigrate.coverage.defaults import Defaults
from kmigrate.coverage.items import Item
from kmigrate.keras.signatures import Parameter, Signature
from kmigrate.ruleset.callee import OF_EVERY_LAYER, Callee

if TYPE_CHECKING:
    from kmigrate.ruleset.schema import Rewrite, Rule

_HOLE = re.compile(r"\$(\w+)")


@dataclass(frozen=True)
class Parameters:
    """Compares a callee of Keras 1 with what it is in the targets."""

    between: Between

    @property
    def defaults(self) -> Defaults:
        """What it means to leave a parameter out."""
        return Defaults(self.between)

    def call(self, path: str, signature: Signature, ancestors: tuple[str, ...]) -> Iterator[Item]:
        """The parameters of a class or function that lives on in some form."""
        if path in self.between.rules.gone:
            return
        rules = self.between.rules.calls.get(path, [])
        before = Callee(path, self.between.keras1.version, signature, ancestors)
        after: list[Callee] = []
        for keras in self.between.places.targets:
            for name in self.between.places_of(path, rules):
                facts = keras.get(name)
                if facts is not None and facts.signature is not None:
                    after.append(Callee(name, keras.version, facts.signature, keras.ancestors(name)))
        yield from self.parameters(before, after, rules)

    def parameters(self, before: Callee, after: list[Callee], rules: list[Rule]) -> Iterator[Item]:
        shared = OF_EVERY_LAYER if before.is_layer and rules else frozenset[str]()
        for parameter in before.named:
            if not public(parameter.name):
                continue
            shown = f"{before.name}({parameter.name})"
            difference = self.moved(before, parameter, after)
            if difference is not None:
                free = parameter.name in shared and all(callee.accepts(parameter.name) for callee in after)
                yield Item("parameter", shown, difference, self.speaking(rules, parameter.name, anyway=free))
            difference = self.defaults.default(parameter, after, rules)
            if difference is not None:
                yield Item("default", shown, difference, self.defaults.writing(rules, parameter))

    def moved(self, before: Callee, parameter: Parameter, after: list[Callee]) -> str | None:
        """How a call that gives the parameter would fail or mean something else."""
        assert before.signature is not None
        position = before.signature.position(parameter.name)
        gone = [callee.version for callee in after if not callee.accepts(parameter.name)]
        if gone:
            return gone_in(gone)
        if position is None:
            return None
        elsewhere = [callee.version for callee in after if not _stays(callee.signature, parameter.name, position)]
        return f"another position in Keras {', '.join(dict.fromkeys(elsewhere))}" if elsewhere else None

    def speaking(self, rules: list[Rule], parameter: str, *, anyway: bool = False) -> tuple[str, ...]:
        """The rules that say what becomes of a parameter that is given."""
        return tuple(rule.id for rule in rules if anyway or whole(rule) or parameter in self.told(rule))

    def told(self, rule: Rule) -> set[str]:
        found = {name for case in rule.review for name in (*case.when, *case.when_given)}
        for way in self.between.ways(rule):
            found |= _mentioned(way)
            if way.code is not None or "all" in found:
                return found | {parameter.name for name in rule.match.call or () for parameter in self.named(name)}
        return found

    def named(self, path: str) -> tuple[Parameter, ...]:
        facts = self.between.keras1.get(path)
        return facts.signature.parameters if facts is not None and facts.signature is not None else ()


def _stays(signature: Signature | None, parameter: str, position: int) -> bool:
    if signature is None or any(each.kind == "args" for each in signature.parameters):
        return True
    limit = signature.positional_limit
    return signature.position(parameter) == position and (limit is None or position < limit)


def _mentioned(way: Rewrite) -> set[str]:
    keys = {part.strip() for key in way.arguments for part in key.split(",")}
    return keys | {*way.drop, *_HOLE.findall(way.template or "")} | ({way.choose_by} if way.choose_by else set())
