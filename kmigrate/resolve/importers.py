"""Which modules of a project take a name from another one? Asked before a name goes that its own module needs no more."""

from __future__ import annotations

import ast
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kmigrate.resolve.finder import modules
from kmigrate.resolve.linked import imports_of
from kmigrate.resolve.scopes import Binding, ModuleScope
from kmigrate.resolve.values import UserModule
from kmigrate.source.prefilter import Mentions, module_name, without_pictures

if TYPE_CHECKING:
    from kmigrate.resolve.world import World


class Importers:
    """Answers for one project; its files are looked through once, when it is asked for the first time."""

    def __init__(self, world: World, top: Path) -> None:
        self._world = world
        self._top = top
        self._answers: dict[tuple[str, str], bool] = {}
        self._known: dict[str, list[str]] = {}

    def want(self, key: str, name: str) -> bool:
        """Whether another module takes the name from the one with this key: by name, by a star import, or as its attribute."""
        question = (key, name)
        if question not in self._answers:
            self._answers[question] = self._wanted(key, name, set())
        return self._answers[question]

    def of(self, key: str) -> list[str]:
        """The modules that import the one with this key, by their keys."""
        if key not in self._known:
            modules = [(other, self._world.scopes(UserModule(other))) for other in self._importing(key)]
            self._known[key] = [
                other for other, module in modules if module is not None and key in imports_of(self._world, module)
            ]  # fmt: skip
        return self._known[key]

    @cached_property
    def _imports(self) -> dict[str, frozenset[str]]:
        """By module: the names in its import statements, too many rather than too few."""
        found: dict[str, frozenset[str]] = {}
        for key, path in modules(self._top):
            try:
                names = Mentions(path, False, without_pictures(path, path.read_bytes())).imports
            except OSError:
                continue
            if names:
                found[key] = names
        return found

    def _importing(self, key: str) -> list[str]:
        name = module_name(self._top / key)
        return [other for other, names in self._imports.items() if name in names and other != key]

    def _wanted(self, key: str, name: str, seen: set[str]) -> bool:
        """The same, for what is not `seen` yet: modules can import each other."""
        seen.add(key)
        return any(self._takes(other, key, name, seen) for other in self._importing(key))

    def _takes(self, other: str, key: str, name: str, seen: set[str]) -> bool:
        module = self._world.scopes(UserModule(other))
        if module is None:
            return False
        if module.runs_files and name in module.loads:  # `%run net.py`
            return True
        return any(self._brings(binding, module, key, name, seen) for binding in module.imports)

    def _brings(self, binding: Binding, module: ModuleScope, key: str, name: str, seen: set[str]) -> bool:
        alias, statement = binding.node, binding.statement
        assert isinstance(alias, ast.alias)
        if isinstance(statement, ast.ImportFrom):
            if UserModule(key) in self._world.module_value(statement.module or "", module, statement.level):
                if binding.kind != "star":
                    return alias.name == name
                used = name in module.loads or name in module.exported
                return used or (module.key not in seen and self._wanted(module.key, name, seen))
            found = self._world.from_import(statement, alias.name, module)
        else:
            found = self._world.module_value(alias.name, module, 0)
        return UserModule(key) in found and name in module.attributes
