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
from kmigrate.resolve.scopes import Binding, ModuleScope, Scope
from kmigrate.resolve.world import World


class SecondOpinion:
    """Asks rope about expressions of one module."""

    def __init__(self, world: World, module: ModuleScope) -> None:
        self._world = world
        self._module = module
        self._scopes: dict[ast.AST, Any] = {}

    def keras_class(self, node: ast.expr, scope: Scope) -> str | None:
        """The documented path of the Keras class that rope takes `node` for an object of; None if it has no idea."""
        if _is_beyond_rope(node, scope):
            return None
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
        """Rope's scope for one of ours; only the scopes around it are opened, for rope reads a body to list what is inside."""
        while scope.kind == "comprehension" and scope.parent is not None:
            scope = scope.parent
        if scope.node not in self._scopes:
            self._scopes[scope.node] = self._opened(scope)
        return self._scopes[scope.node]

    def _opened(self, scope: Scope) -> Any:
        if scope.parent is None:
            module = self._world.rope_module(self._module)
            return module.get_scope() if module is not None else None
        around = self._rope_scope(scope.parent)
        inner = around.get_scopes() if around is not None else ()
        return next((found for found in inner if found.pyobject.get_ast() is scope.node), None)


def _is_beyond_rope(node: ast.expr, scope: Scope) -> bool:
    """Whether a name is what a caller passes or what getattr finds: rope keeps no record of calls, and follows no strings."""
    owner = scope.lookup(node.id) if isinstance(node, ast.Name) else None
    bindings = owner.bindings.get(node.id, ()) if owner is not None and isinstance(node, ast.Name) else ()
    return bool(bindings) and all(binding.kind == "parameter" or _of_getattr(binding) for binding in bindings)


def _of_getattr(binding: Binding) -> bool:
    call = binding.assigned
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "getattr"):
        return False
    return not binding.scope.binds("getattr")
