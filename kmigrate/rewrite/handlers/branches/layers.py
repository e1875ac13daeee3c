"""Which layers does a branch of a Merge hold, and is it complete where the Merge is made?"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TypeAlias

from kmigrate.resolve.returns import results
from kmigrate.resolve.scopes import Binding, ModuleScope, Scope
from kmigrate.resolve.values import UserFunction
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.handlers.branches.growing import fills, of_merge
from kmigrate.rewrite.handlers.branches.statements import (
    added_layer,
    deadline,
    is_sequential,
    loads_of,
    position,
)

_CHANGING = ("add", "pop", "layers", "build", "trainable")
"""What may change a branch behind our back."""
_DEPTH = 5
"""So many functions are followed, one to the other."""
_UNSEEN = "is not built by its own `add` alone, so its layers can't be seen"


@dataclass(frozen=True, slots=True)
class Stacked:
    """A layer of a branch, with the scope that it is made in."""

    layer: ast.expr
    scope: Scope

    @property
    def block(self) -> list[ast.stmt]:
        """The statements beside the one that makes the layer."""
        return self.scope.module.block(self.scope.module.statement(self.layer))


Alternatives: TypeAlias = "list[list[Stacked]]"
"""The layers that a branch can have, one list for each way to make it."""


def layers_of(context: Context, branch: ast.Name | ast.Call, scope: Scope, merge: ast.Call) -> Alternatives | str:
    """The layers of a branch in the order of the text; why they can't be seen, or are not all there at the Merge."""
    if isinstance(branch, ast.Call):
        found = _made(context, branch, scope)
        return found if found and all(found) else _UNSEEN
    bindings = context.evaluator.bindings(branch, scope) or frozenset()
    binding = next(iter(bindings)) if len(bindings) == 1 else None
    made = _first_layers(context, binding) if binding is not None else None
    if made is None or binding is None:
        return _UNSEEN
    layers: list[Stacked] = []
    until = deadline(scope.module, merge, binding)
    for load, inner, certain in loads_of(context, binding):
        added = _added(inner.module, load) if certain else None
        if added is not None:
            if inner not in scope.chain() or position(load) >= until:
                return "may grow when the Merge is there already"
            layers.append(Stacked(added, inner))
        elif not _harmless(context, load, inner):
            return _UNSEEN
    whole = [[*first, *layers] for first in made]
    return whole if all(whole) else _UNSEEN


def _first_layers(context: Context, binding: Binding) -> Alternatives | None:
    """The layers that a model has when it gets its name."""
    made = binding.value if binding.kind == "assign" and not binding.path else None
    return _made(context, made, binding.scope) if isinstance(made, ast.Call) else None


def _made(context: Context, made: ast.Call, scope: Scope, depth: int = 0) -> Alternatives | None:
    """The layers of a model that a call makes: of Sequential, or of a function that returns a new one."""
    functions = context.evaluator.values(made.func, scope)
    if is_sequential(functions):
        return _listed(made, scope)
    found: Alternatives = []
    for function in functions:
        if not isinstance(function, UserFunction) or not isinstance(function.node, ast.FunctionDef) or depth > _DEPTH:
            return None
        for result in results(function.node):
            returned = _returned(context, result, function.scope, depth + 1)
            if returned is None:
                return None
            found.extend(returned)
    return found or None


def _returned(context: Context, result: ast.expr | None, scope: Scope, depth: int) -> Alternatives | None:
    """The layers of what a function returns: a call, or a name that it gives a new model and adds layers to."""
    if isinstance(result, ast.Call):
        return _made(context, result, scope, depth)
    bindings = context.evaluator.bindings(result, scope) if isinstance(result, ast.Name) else None
    binding = next(iter(bindings)) if bindings is not None and len(bindings) == 1 else None
    made = binding.value if binding is not None and binding.kind == "assign" and not binding.path else None
    if binding is None or binding.scope is not scope or not isinstance(made, ast.Call):
        return None
    first = _made(context, made, scope, depth)
    layers: list[Stacked] = []
    for load, inner, certain in loads_of(context, binding):
        added = _added(inner.module, load) if certain and inner is scope else None
        if added is not None:
            layers.append(Stacked(added, inner))
        elif load is not result and not _harmless(context, load, inner):
            return None
    return [[*model, *layers] for model in first] if first is not None else None


def _harmless(context: Context, load: ast.Name, scope: Scope) -> bool:
    """Whether a use of a branch leaves it as it is: an attribute that changes nothing, or a Merge."""
    parent = scope.module.parents.get(load)
    if isinstance(parent, ast.List):
        return scope.module is context.scopes and of_merge(context, parent, scope)
    if isinstance(parent, ast.Call):
        return scope.module is context.scopes and fills(context, parent, scope)
    return isinstance(parent, ast.Attribute) and parent.attr not in _CHANGING


def _listed(made: ast.Call, scope: Scope) -> Alternatives | None:
    """The layers that the constructor is given."""
    given = [*made.args, *(keyword.value for keyword in made.keywords if keyword.arg != "name")]
    if not given:
        return [[]]
    layers = given[0].elts if len(given) == 1 and isinstance(given[0], ast.List) else None
    return [[Stacked(layer, scope) for layer in layers]] if layers is not None else None


def _added(module: ModuleScope, load: ast.Name) -> ast.expr | None:
    parent = module.parents.get(load)
    return added_layer(module.statement(load)) if isinstance(parent, ast.Attribute) and parent.attr == "add" else None
