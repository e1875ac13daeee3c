"""Is a name free where it would be used, and what is it called if it is not?"""

from __future__ import annotations

import ast
from collections.abc import Callable

from kmigrate.keras.signatures import of_keras
from kmigrate.resolve.scopes import Binding, Scope
from kmigrate.resolve.values import UNKNOWN, KerasName, NewName
from kmigrate.rewrite.names.imported import Imported


class Free:
    """Answers for one module; `stays` tells whether the import of a name is still needed as it is."""

    def __init__(self, imported: Imported, stays: Callable[[Binding], bool]) -> None:
        self._imported = imported
        self._stays = stays

    def alias(self, name: str, scope: Scope, target: str) -> str | None:
        """The alias under which a name is imported where it is not free; None where it is."""
        if not self.taken(name, scope, target):
            return None
        return f"Keras{name}" if name[:1].isupper() else f"keras_{name}"

    def taken(self, name: str, scope: Scope, target: str) -> bool:
        """Whether `name` means something else where it would be used, or at the top of the module."""
        for inner in (*scope.chain(), self._imported.scopes.top):
            for binding in inner.bindings.get(name, ()):
                if binding.kind not in ("import", "from") or not self._imported.usable(binding):
                    return True
                brought = self._imported.brings(binding) or self._imported.module_of(binding)
                if brought not in (target, None) and self._stays(binding):
                    return True
        return self.foreign_star(name) or self._bound_nowhere(name)

    def foreign_star(self, name: str) -> bool:
        """Whether `import *` of another library, or of a module of the user, may bind the name to something else."""
        for binding in self._imported.scopes.top.stars:
            statement = binding.statement
            assert isinstance(statement, ast.ImportFrom)
            base = statement.module or ""
            if statement.level == 0 and of_keras(base):
                continue
            found = self._imported.evaluator.stars.gives(binding, name)
            if found is None or found == UNKNOWN:
                if self._imported.evaluator.stars.may_give(binding, name):
                    return True
            elif not all(isinstance(value, KerasName | NewName) for value in found):
                return True
        return False

    def _bound_nowhere(self, name: str) -> bool:
        """Whether the file uses the name and nothing binds it: a use that fails loudly shall not find ours."""
        loads = () if self._imported.scopes.top.stars else self._imported.scopes.loads.get(name, ())
        return any(scope.lookup(name) is None for _, scope in loads)

