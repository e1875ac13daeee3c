"""Does a module of the project still hand on a name that it imports from Keras, when it is migrated itself?

What Keras 2 calls otherwise, a migrated module imports under the new name, unless nothing in it uses the name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Literal, TypeAlias

from kmigrate.match.found import Found
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.linked import imports_keras, taken_from
from kmigrate.resolve.scopes import Binding, ModuleScope
from kmigrate.resolve.values import KerasModule, KerasName, only
from kmigrate.resolve.world import World
from kmigrate.rewrite.modules import Places
from kmigrate.rewrite.plan import variant


def taken(module: ModuleScope, evaluator: Evaluator, places: Places) -> Iterator[Found]:
    """The imports of names of Keras that a file takes from modules of the project which may have them no more."""
    world = evaluator.world
    last: ast.AST | None = None
    owner: ModuleScope | None = None
    for binding in module.imports:
        statement = binding.statement
        if binding.kind != "from" or not isinstance(statement, ast.ImportFrom):
            continue
        if statement is not last:
            last, owner = statement, taken_from(world, binding)
        if owner is None:
            continue
        alias, value = binding.node, only(evaluator.binding(binding))
        assert isinstance(alias, ast.alias)
        if isinstance(value, KerasName | KerasModule) and vanishes(world, places, owner, alias.name):
            is_module = isinstance(value, KerasModule)
            spelled = value.path if isinstance(value, KerasModule) else value.spelled
            yield Found("import", value.path, alias, binding.scope, spelled=spelled, module=is_module)


def vanishes(world: World, places: Places, module: ModuleScope, name: str) -> bool:
    """Whether a module may bind a name no more that it imports, from Keras or from another module."""
    return _fate(world, places, module, name, frozenset()) != "kept"


_Fate: TypeAlias = Literal["kept", "renamed", "gone"]


def _fate(world: World, places: Places, module: ModuleScope, name: str, seen: frozenset[str]) -> _Fate:
    if module.key in seen:
        return "kept"
    seen = seen | {module.key}
    bindings = module.top.bindings.get(name, ())
    if (bindings and name in module.exported) or not all(binding.kind in ("import", "from") for binding in bindings):
        return "kept"
    fates = [_fate_of_import(world, places, binding, name, seen) for binding in bindings or module.top.stars]
    return "gone" if "gone" in fates else "renamed" if "renamed" in fates else "kept"


def _fate_of_import(world: World, places: Places, binding: Binding, name: str, seen: frozenset[str]) -> _Fate:
    alias, statement = binding.node, binding.statement
    if not isinstance(statement, ast.ImportFrom) or not isinstance(alias, ast.alias):
        return "kept"
    wanted = name if binding.kind == "star" else alias.name
    used = bool(binding.scope.module.loads.get(name))
    if not imports_keras(statement):
        owner = taken_from(world, binding)
        fate = _fate(world, places, owner, wanted, seen) if owner is not None else "kept"
        return fate if fate == "gone" or used or binding.kind == "star" else "kept"
    base = statement.module or ""
    if binding.kind == "star":
        home = places.module(base)
        here = home is not None and all(name in target.public_names(home) for target in places.targets)
        return "kept" if here or name not in places.keras1.public_names(base) else "gone"
    new = new_path(world, places, f"{base}.{wanted}")
    if new is None:
        return "gone"
    return "renamed" if used and alias.asname is None and renamed(places, f"{base}.{wanted}", new) else "kept"


def renamed(places: Places, path: str, new: str) -> bool:
    """Whether uses of a name are called otherwise, though Keras 2 may know the old name, too."""
    for rule in places.rules.calls.get(places.keras1.canonical(path) or path, ()):
        rewrite = variant(rule, places.targets)
        if rewrite is not None and rewrite.to is not None:
            new = rewrite.to
            break
    return new.rpartition(".")[2] != path.rpartition(".")[2]


def new_path(world: World, places: Places, path: str) -> str | None:
    """The Keras 2 path by which a module or name of Keras 1 can be imported; None for what is there no more."""
    if isinstance(world.keras_value(path), KerasModule):
        return places.module(path)
    place = places.name(path)
    if place is not None and not place[0].endswith("()"):
        return place[0]
    return path if places.exists(path) else None
