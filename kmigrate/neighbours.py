"""Which Keras do the files of a project speak? Asked where a file itself does not tell."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from kmigrate.match.collect import Collector
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.roles import Roles
from kmigrate.resolve.scopes import ModuleScope
from kmigrate.resolve.world import World
from kmigrate.rewrite.dialect import Dialect
from kmigrate.rewrite.facts import Facts
from kmigrate.rewrite.judgement import Signs, signs
from kmigrate.ruling import Ruling
from kmigrate.source.module import Module

ENOUGH = 20
"""So many files that speak Keras 2, and none that speaks Keras 1, settle it."""


class Neighbours:
    """Looks through the files of one project, once, and not at all where one is known to speak Keras 1."""

    def __init__(self, ruling: Ruling, world: World, evaluator: Evaluator) -> None:
        self._ruling = ruling
        self._world = world
        self._evaluator = evaluator
        self._keras1 = False

    def hear(self, scopes: ModuleScope, found: Signs) -> None:
        """Take note of the signs in a file that was looked at anyway, if it is one of those."""
        self._keras1 = self._keras1 or (found.keras1 > 0 and self._world.may_be_imported(scopes))

    @property
    def speak_keras2(self) -> bool:
        """Whether some of them speak Keras 2, and none speaks Keras 1."""
        return not self._keras1 and self._looked_through

    @cached_property
    def _looked_through(self) -> bool:
        told = 0
        for found in self._signs():
            if found.keras1:
                return False
            told += found.keras2 > 0
            if told == ENOUGH:
                break
        return told > 0

    def _signs(self) -> Iterator[Signs]:
        rules = self._ruling.rules
        for source, scopes in self._world.speaking():
            founds = Collector(scopes, self._evaluator, self._ruling.members, self._ruling.hints, rules).collect()
            module, roles = Module(source, scopes.tree), Roles(scopes, self._evaluator)
            yield signs(Facts(module, scopes, self._evaluator, self._ruling.places, roles, Dialect()), founds)
