"""From where do import statements take their names, and which modules of a project hang together by them?"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from kmigrate.keras.signatures import of_keras
from kmigrate.resolve.scopes import Binding, ModuleScope
from kmigrate.resolve.values import NOTHING, UserModule

if TYPE_CHECKING:
    from kmigrate.resolve.world import World


def mentions(world: World, words: re.Pattern[str], module: ModuleScope) -> bool:
    """Whether one of the words stands in a module, in one that it imports or is imported by, or in one behind these."""
    pending, seen = [module], {module.key}
    while pending:
        here = pending.pop()
        if words.search(world.text(here)):
            return True
        beside = [*imports_of(world, here), *(world.importers.of(here.key) if world.importers is not None else ())]
        for key in beside:
            found = world.scopes(UserModule(key)) if key not in seen else None
            seen.add(key)
            if found is not None:
                pending.append(found)
    return False


def imports_keras(statement: ast.AST) -> bool:
    """Whether an import statement imports Keras, or something of it."""
    match statement:
        case ast.ImportFrom(module=module, level=level):
            return level == 0 and of_keras(module or "")
        case ast.Import(names=names):
            return any(of_keras(alias.name) for alias in names)
        case _:
            return False


def taken_from(world: World, binding: Binding) -> ModuleScope | None:
    """The module of the project from which a from-import takes its names; None for any other, and where it has no Keras."""
    statement, alias = binding.statement, binding.node
    if not isinstance(statement, ast.ImportFrom) or not isinstance(alias, ast.alias) or imports_keras(statement):
        return None
    (found, *_) = world.module_value(statement.module or "", binding.scope.module, statement.level)
    if not isinstance(found, UserModule) or world.silent(statement, alias, binding.scope.module):
        return None
    return world.scopes(found)


def imports_of(world: World, module: ModuleScope) -> list[str]:
    """The modules of the project that the import statements of a module name, by their keys."""
    found: dict[str, None] = {}
    for binding in module.imports:
        alias, statement = binding.node, binding.statement
        assert isinstance(alias, ast.alias) and statement is not None
        values = NOTHING if binding.kind == "star" else world.imported(alias, statement, module)
        if isinstance(statement, ast.ImportFrom):
            values |= world.module_value(statement.module or "", module, statement.level)
        found.update((value.key, None) for value in values if isinstance(value, UserModule))
    return list(found)
