"""Whether every name that a module loads is bound somewhere, and on as many ways through the program as before."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from kmigrate.resolve.builtin_calls import NAMED
from kmigrate.resolve.scopes import Binding, ModuleScope, Scope
from kmigrate.resolve.ways import in_loop, on_every_way


def unbound(module: ModuleScope) -> frozenset[str]:
    """Names that are loaded and bound nowhere; nothing where star imports could bring them."""
    if module.top.stars:
        return frozenset()
    known = module.top.bindings.keys() | NAMED
    return frozenset(name for name, loads in module.loads.items() if name not in known and _one_finds_nothing(name, loads))


def _one_finds_nothing(name: str, loads: Iterable[tuple[ast.Name, Scope]]) -> bool:
    asked = None
    for _, scope in loads:
        if scope is not asked and name not in scope.bindings and scope.lookup(name) is None:
            return True
        asked = scope
    return False


def less_sure(before: ModuleScope, after: ModuleScope) -> str | None:
    """A name that the new text binds on fewer ways than the old one bound what stood there; None if there is none.

    Only names that one of them imports in a branch are looked at. A new one may stand in for each that is gone, or be bound
    wherever one is that stays, or that is new as well.
    """
    names = _in_branches(before) | _in_branches(after)
    if not names:  # nearly always
        return None
    then, now = _unsure(before, names), _unsure(after, names)
    fewer = [name for name, blocks in now.items() if len(blocks) < len(then.get(name, ()))]
    stay = [blocks for name, blocks in now.items() if name in then]
    new = {blocks: name for name, blocks in now.items() if name not in then and not any(other <= blocks for other in stay)}
    fresh = [name for blocks, name in new.items() if not any(other < blocks for other in new)]
    return fewer[0] if fewer else fresh[0] if len(fresh) > len(then.keys() - now.keys()) else None


def _in_branches(module: ModuleScope) -> set[str]:
    parents = module.parents
    return {item.name for item in module.imports if item.statement and parents.get(item.statement) is not item.scope.node}


def _unsure(module: ModuleScope, names: Iterable[str]) -> dict[str, frozenset[int]]:
    """Names that are loaded where none of their bindings has run for sure, with the blocks that bind them."""
    found: dict[str, frozenset[int]] = {}
    for name in sorted(names):
        for load, scope in module.loads.get(name, ()):
            owner = scope.lookup(name)
            bindings = owner.bindings.get(name, ()) if owner is not None else ()
            if bindings and not _finds_one(load, scope is owner, bindings):
                before = [binding for binding in bindings if not _is_later(load, scope is owner, binding)]
                found[name] = frozenset(id(module.block(binding.statement)) for binding in before if binding.statement)
                break
    return found


def _finds_one(load: ast.Name, own: bool, bindings: Iterable[Binding]) -> bool:
    """Whether one of the bindings has run where the name is loaded, in their `own` scope or in one inside."""
    for binding in bindings:
        statement = binding.statement
        if statement is None:
            return True
        if not _is_below(load, own, binding) and on_every_way(statement, load, binding.scope.module.parents):
            return True
    return False


def _is_below(load: ast.Name, own: bool, binding: Binding) -> bool:
    """Whether a binding in the scope of the load stands below it."""
    return own and getattr(binding.statement, "lineno", 0) > load.lineno


def _is_later(load: ast.Name, own: bool, binding: Binding) -> bool:
    """Whether a binding in the scope of the load runs after it: it stands below, and no loop comes back to the load."""
    return _is_below(load, own, binding) and not in_loop(load, binding.scope.node, binding.scope.module.parents)
