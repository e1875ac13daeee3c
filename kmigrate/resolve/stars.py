"""What does a star import bind, and which of several counts?"""

from __future__ import annotations

import ast
import builtins
import sys
from typing import TYPE_CHECKING

from kmigrate.keras.older import OLDER
from kmigrate.keras.signatures import of_keras
from kmigrate.resolve.scopes import Binding, Scope
from kmigrate.resolve.values import (
    NOTHING,
    OTHER,
    UNKNOWN,
    KerasModule,
    KerasName,
    NewName,
    Unknown,
    UserModule,
    Values,
)

if TYPE_CHECKING:
    from kmigrate.resolve.evaluate import Evaluator


class Stars:
    """Answers for the names that no statement of a module binds by itself."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._world = evaluator.world

    def last(self, top: Scope, name: str, seen: frozenset[str]) -> Values:
        """What the last star import that binds the name gives; one that binds it in Keras 2 only hides no other, and gives
        nothing where something else may be meant.

        A file that the module runs may bind it as well.
        """
        unknown, new = top.module.runs_files, NOTHING
        for binding in reversed(top.stars):
            found = self.gives(binding, name, seen)
            if found is None or found == UNKNOWN:
                unknown = unknown or found is not None
            elif _is_new(found):
                new = new or found
            else:
                return found
        return new if new and not self.contested(top, name) else UNKNOWN if unknown else OTHER

    def seen(self, node: ast.Name, scope: Scope) -> list[Binding]:
        """The star imports that may bind a name where it is loaded; none where a statement that names it does."""
        bindings = self._evaluator.bindings(node, scope)
        if bindings is None:
            return scope.module.top.stars
        return list(bindings) if all(binding.kind == "star" for binding in bindings) else []

    def hides(self, binding: Binding, name: str, seen: frozenset[str]) -> Values:
        """What one star import gives a name that a statement above it binds: nothing new of Keras 2 in its place."""
        found = self.gives(binding, name, seen) or NOTHING
        return NOTHING if _is_new(found) and self.contested(binding.scope, name) else found

    def contested(self, top: Scope, name: str, line: int = sys.maxsize) -> bool:
        """Whether something else than a star import of Keras may bind a name of a module before a line: a statement, another
        star import, Python itself. In Keras 1, where such an import does not bring the name, the file means that."""
        bindings = [binding for binding in top.bindings.get(name, ()) if getattr(binding.node, "lineno", 0) < line]
        if hasattr(builtins, name) or (name in NUMERIC and top.module.runs_files) or not all(map(self._of_keras, bindings)):
            return True
        stars = [star for star in top.stars if getattr(star.node, "lineno", 0) < line]
        return any(self.may_give(star, name) for star in stars)

    def _of_keras(self, binding: Binding) -> bool:
        """Whether a binding certainly gives something of Keras."""
        return all(isinstance(value, KerasModule | KerasName | NewName) for value in self._evaluator.binding(binding))

    def may_give(self, star: Binding, name: str, seen: frozenset[str] = frozenset()) -> bool:
        """Whether a star import of something else than Keras may bind a name, and not to something of Keras.

        Other libraries bind those of numbers; the modules of the project can be looked into.
        """
        statement = star.statement
        assert isinstance(statement, ast.ImportFrom)
        if statement.level == 0 and of_keras(statement.module or ""):
            return False
        source = next(iter(self._world.module_value(statement.module or "", star.scope.module, statement.level)))
        there = self._world.scopes(source) if isinstance(source, UserModule) else None
        if there is None:
            return name in NUMERIC
        if name in there.top.bindings:
            return not all(map(self._of_keras, there.top.bindings[name]))
        inner = seen | {star.scope.module.key}
        return there.key not in inner and any(self.may_give(other, name, inner) for other in there.top.stars)

    def gives(self, binding: Binding, name: str, seen: frozenset[str] = frozenset()) -> Values | None:
        """What one star import gives a name: None if it does not bind it, Unknown if nobody knows."""
        seen = seen | {binding.scope.module.key}
        statement = binding.statement
        assert isinstance(statement, ast.ImportFrom)
        module = binding.scope.module
        source = next(iter(self._world.module_value(statement.module or "", module, statement.level)))
        match source:
            case KerasModule(path):
                whole = f"{path}.{name}"
                if name in self._world.keras.public_names(path) or name in OLDER.get(path, ()):
                    return self._world.keras_values(whole)
                if any(name in target.public_names(path) for target in self._world.targets):
                    old = self._world.keras.is_module(whole)  # Keras 1 brings it too, though its tables list no modules
                    return self._world.keras_values(whole) if old else frozenset({NewName(whole)})
            case UserModule():
                scopes = self._world.scopes(source)
                if scopes is None:
                    return UNKNOWN
                if name in scopes.top.bindings or scopes.top.stars:
                    found = self._evaluator.module_name(scopes, name, seen)
                    return found if found != OTHER or name in scopes.top.bindings else None
            case Unknown():
                return UNKNOWN
        return None

    def binding(self, scope: Scope, name: str) -> dict[Binding, bool]:
        """The star imports of a scope that bind the name. One that nobody can look into is taken not to: whoever imports
        a name by itself means that one."""
        if not scope.stars:  # nearly always
            return {}
        given = {binding: self.gives(binding, name) for binding in scope.stars}
        bringing = {binding: found for binding, found in given.items() if found is not None and not self._vague(found)}
        if any(_is_new(found) for found in bringing.values()) and self.contested(scope, name):
            return {binding: True for binding, found in bringing.items() if not _is_new(found)}
        return dict.fromkeys(bringing, True)

    def _vague(self, found: Values) -> bool:
        """Whether a star import gives nothing certain: unknown, or what Keras merely imports itself (`np`)."""
        return found == UNKNOWN or all(
            isinstance(value, KerasName) and self._world.keras.canonical(value.path) is None for value in found
        )


def _is_new(found: Values) -> bool:
    """Whether it is something that Keras 2 alone has."""
    return all(isinstance(value, NewName) for value in found)


NUMERIC = frozenset(
    "add average concatenate cumprod cumsum dot identity less less_equal maximum minimum multiply ones size subtract "
    "zeros".split()
)
"""Names of Keras that star imports of numpy, Theano and their like bind as well."""
