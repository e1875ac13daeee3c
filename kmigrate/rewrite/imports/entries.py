"""What does each name in a from-import become?"""

from __future__ import annotations

import ast

from kmigrate.resolve.scopes import Binding
from kmigrate.rewrite.names.entries import Entry
from kmigrate.rewrite.names.names import Names


def entries_of(names: Names, binding: Binding, base: str, dropped: dict[Binding, str]) -> list[Entry]:
    """What an alias of a from-import becomes."""
    alias = binding.node
    assert isinstance(alias, ast.alias)
    moved = names.imported.places.rules.moved
    moved_id = moved.id if moved else ""
    if binding.kind == "star":
        place = names.imported.places.module(base) or base
        return [Entry(place, "*", None, moved_id if place != base else "")]
    brought = names.brought.get(binding)
    loads = names.imported.loads(binding)
    stays = names.stays(binding) or not loads or binding in names.kept
    listed = list(brought or ())
    if binding in names.renamed_modules:
        module = names.renamed_modules[binding]
        parent, _, name = module.rpartition(".")
        known = names.imported.places.rules.modules.get(f"{base}.{alias.name}")
        local = alias.asname or (alias.name if name != alias.name and names.stays(binding) else None)
        return [Entry(parent, name, local, known[1].id if known else moved_id), *listed]
    if loads and not stays and not any(entry.local == binding.name for entry in listed):
        stays = names.imported.handed_out(binding)
    if brought is not None and not stays:
        return listed
    if loads and not stays:
        return []
    if binding in dropped:
        return listed
    if any(entry.local == binding.name for entry in listed):
        return listed
    return [_kept(names, binding, base, alias, moved_id), *listed]


def may_wait(names: Names, base: str, bindings: list[Binding]) -> bool:
    """Whether a line may wait with its uses: not if all it needs is the documented place, which is right for Keras 1 as well."""
    paths = [f"{base}.{binding.node.name}" for binding in bindings if isinstance(binding.node, ast.alias)]
    return not any(_is_moved(names, path) for path in paths) or not all(
        names.imported.places.exists(path) or _is_moved(names, path) for path in paths
    )


def moved_rule(names: Names) -> str:
    """The rule that shortens deep import paths, which is to blame where no other is."""
    moved = names.imported.places.rules.moved
    return moved.id if moved else "KM000"


def _is_moved(names: Names, path: str) -> bool:
    place = None if names.imported.places.exists(path) else names.imported.places.name(path)
    return place is not None and place[0] == names.imported.places.keras1.canonical(path)


def _kept(names: Names, binding: Binding, base: str, alias: ast.alias, moved: str) -> Entry:
    path = f"{base}.{alias.name}"
    keras = names.imported.places.keras1
    if keras.is_module(path):
        module = names.module_for(binding, path)
        if module is not None and module != path:
            parent, _, name = module.rpartition(".")
            return Entry(parent, name, alias.asname or (alias.name if name != alias.name else None), moved)
        return Entry(base, alias.name, alias.asname)
    places = names.imported.places
    if places.exists(path):
        return Entry(base, alias.name, alias.asname)
    home = places.module(base)
    if home is not None and home != base and places.moves(path) and places.exists(f"{home}.{alias.name}"):
        return Entry(home, alias.name, alias.asname, moved)
    new = places.name(path)
    if new is None or new[0].endswith("()"):
        return Entry(base, alias.name, alias.asname)
    place, _, name = new[0].rpartition(".")
    local = alias.asname or (alias.name if name != alias.name else None)
    return Entry(place, name, local, new[1].id if new[1] is not None else moved)
