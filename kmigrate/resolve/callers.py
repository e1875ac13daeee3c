"""Where is a function of a module called, as the module's own text spells it?"""

from __future__ import annotations

import ast
from collections import defaultdict

from kmigrate.resolve.scopes import ModuleScope, Scope


class Callers:
    """The calls of modules by the last part of the callee's name; each module is indexed once."""

    def __init__(self) -> None:
        self._calls: dict[ModuleScope, dict[str, list[tuple[ast.Call, Scope]]]] = {}

    def of(self, module: ModuleScope, name: str) -> list[tuple[ast.Call, Scope]]:
        """The calls in a module whose callee is spelled `name` or ends in `.name`."""
        if module not in self._calls:
            index: dict[str, list[tuple[ast.Call, Scope]]] = defaultdict(list)
            for found in module.calls:
                func = found[0].func
                if type(func) is ast.Name:
                    index[func.id].append(found)
                elif type(func) is ast.Attribute:
                    index[func.attr].append(found)
            self._calls[module] = index
        return self._calls[module].get(name, [])
