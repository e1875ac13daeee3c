"""Whether every name that a module loads is bound somewhere."""

from __future__ import annotations

import builtins

from kmigrate.resolve.scopes import ModuleScope

_BUILTINS = frozenset(dir(builtins)) | frozenset(
    "unicode long xrange raw_input basestring reduce file unichr cmp execfile reload apply buffer intern coerce "
    "__file__ __name__ __doc__ __builtins__ get_ipython display WindowsError".split()
)


def unbound(module: ModuleScope) -> frozenset[str]:
    """Names that are loaded and bound nowhere; nothing where star imports could bring them."""
    if module.top.stars:
        return frozenset()
    known = module.top.bindings.keys() | _BUILTINS
    return frozenset(
        name
        for name, loads in module.loads.items()
        if name not in known and any(scope.lookup(name) is None for scope in {scope for _, scope in loads})
    )
