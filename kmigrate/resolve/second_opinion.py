"""What rope makes of an object that the evaluator does not know: its own inference over the stub of Keras 1.2.2.

Rope follows properties, base classes of other modules and object attributes further than the evaluator, but it does not
look at the order of statements: what it says is a guess, never a proof.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

from rope.base import evaluate, pyobjects
from rope.base.exceptions import RopeError

from kmigrate.keras.versions import stubs_path
from kmigrate.resolve.scopes import ModuleScope, Scope
from kmigrate.resolve.world import World


class SecondOpinion:
    """Asks rope about expressions of one module."""

    def __init__(self, world: World, module: ModuleScope) -> None:
        self._world = world
        self._module = module
        self._scopes: dict[ast.AST, Any] | None = None

    def keras_class(self, node: ast.expr, scope: Scope) -> str | None:
        """The documented path of the Keras class that rope takes `node` for an object of; None if it has no idea."""
        try:
            rope_scope = self._rope_scope(scope)
            if rope_scope is None:
                return None
            name = evaluate.eval_node(rope_scope, node)
            if name is None:
                return None
            kind = name.get_object().get_type()
            if not isinstance(kind, pyobjects.PyClass):
                return None
            return self._documented(kind)
        except (RopeError, AttributeError, KeyError, TypeError, ValueError, RecursionError):
            return None

    def _documented(self, kind: Any) -> str | None:
        module = kind.get_module()
        resource = module.get_resource() if module is not None else None
        if resource is None:
            return None
        try:
            relative = Path(resource.real_path).relative_to(stubs_path().resolve())
        except ValueError:
            return None
        dotted = ".".join(relative.with_suffix("").parts).removesuffix(".__init__")
        return self._world.keras.by_definition(f"{dotted}.{kind.get_name()}")

    def _rope_scope(self, scope: Scope) -> Any:
        while scope.kind == "comprehension" and scope.parent is not None:
            scope = scope.parent
        if self._scopes is None:
            self._scopes = {}
            module = self._world.rope_module(self._module)
            pending = [module.get_scope()] if module is not None else []
            while pending:
                found = pending.pop()
                self._scopes[found.pyobject.get_ast()] = found
                pending.extend(found.get_scopes())
        return self._scopes.get(scope.node)
