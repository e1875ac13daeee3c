"""Which layers does a branch of a Merge hold, and is it complete where the Merge is made?"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from kmigrate.resolve.scopes import Binding, ModuleScope, Scope
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.handlers.branches.given import of_merge
from kmigrate.rewrite.handlers.branches.statements import added_layer, block_of, loads_of, makes_sequential

_CHANGING = ("add", "pop", "layers", "build", "trainable")
"""What may change a branch behind our back."""
_UNSEEN = "is not built by its own `add` alone, so its layers can't be seen"


@dataclass(frozen=True, slots=True)
class Stacked:
    """A layer of a branch, with the scope that it is made in."""

    layer: ast.Call
    scope: Scope

    @property
    def block(self) -> list[ast.stmt]:
        """The statements beside the one that makes the layer."""
        return block_of(self.scope.module, self.scope.module.statement(self.layer))


def layers_of(context: Context, name: ast.Name, scope: Scope, merge: ast.Call) -> list[Stacked] | str:
    """The layers of a branch in the order of the text; why they can't be seen, or are not all there at the Merge."""
    bindings = context.evaluator.bindings(name, scope) or frozenset()
    binding = next(iter(bindings)) if len(bindings) == 1 else None
    made = binding.value if binding is not None and binding.kind == "assign" and not binding.path else None
    if binding is None or not isinstance(made, ast.Call) or not makes_sequential(context, made, binding):
        return _UNSEEN
    listed = _listed(made)
    if listed is None:
        return _UNSEEN
    layers: list[tuple[ast.expr, Scope]] = [(layer, binding.scope) for layer in listed]
    deadline = _deadline(scope.module, merge, binding)
    for load, inner, definite in loads_of(context, binding):
        parent = inner.module.parents.get(load)
        added = _added(inner.module, load)
        if added is not None and definite:
            if inner not in scope.chain() or _position(load) >= deadline:
                return "may grow when the Merge is there already"
            layers.append((added, inner))
        elif isinstance(parent, ast.List) and of_merge(context, parent, inner):
            continue
        elif not isinstance(parent, ast.Attribute) or parent.attr in _CHANGING:
            return _UNSEEN
    stacked = [Stacked(layer, inner) for layer, inner in layers if isinstance(layer, ast.Call)]
    return stacked if stacked and len(stacked) == len(layers) else _UNSEEN


def _listed(made: ast.Call) -> list[ast.expr] | None:
    """The layers that the constructor is given."""
    given = [*made.args, *(keyword.value for keyword in made.keywords if keyword.arg != "name")]
    if not given:
        return []
    return given[0].elts if len(given) == 1 and isinstance(given[0], ast.List) else None


def _added(module: ModuleScope, load: ast.Name) -> ast.expr | None:
    parent = module.parents.get(load)
    return added_layer(module.statement(load)) if isinstance(parent, ast.Attribute) and parent.attr == "add" else None


def _deadline(module: ModuleScope, merge: ast.Call, binding: Binding) -> tuple[int, int]:
    """Where a branch must be complete: at the Merge, or at a loop around it that makes several of one branch."""
    found = _position(merge)
    made = _around(module, binding.node)
    node: ast.AST | None = merge
    while node is not None and node not in made:
        if isinstance(node, ast.For | ast.AsyncFor | ast.While):
            found = _position(node)
        node = module.parents.get(node)
    return found


def _position(node: ast.expr | ast.stmt) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _around(module: ModuleScope, node: ast.AST) -> set[ast.AST]:
    found = set()
    inner: ast.AST | None = node
    while inner is not None:
        found.add(inner)
        inner = module.parents.get(inner)
    return found
