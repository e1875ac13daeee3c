"""Whether every name that a module loads is bound somewhere."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable

from kmigrate.resolve.scopes import ModuleScope, Scope

_BUILTINS = frozenset(dir(builtins)) | frozenset(
    "unicode long xrange raw_input basestring reduce file unichr cmp execfile reload apply buffer intern coerce "
    "__file__ __name__ __doc__ __builtins__ get_ipython display WindowsError".split()
)


def unbound(module: ModuleScope) -> frozenset[str]:
    """Names that are loaded and bound nowhere; nothing where star imports could bring them."""
    if module.top.stars:
        return frozenset()
    known = module.top.bindings.keys() | _BUILTINS
    return frozenset(name for name, loads in module.loads.items() if name not in known and _one_finds_nothing(name, loads))


def _one_finds_nothing(name: str, loads: Iterable[tuple[ast.Name, Scope]]) -> bool:
    asked = None
    for _, scope in loads:
        if scope is not asked and name not in scope.bindings and scope.lookup(name) is None:
            return True
        asked = scope
    return False
