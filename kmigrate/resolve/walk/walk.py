"""Where the walk is, what it has found, and how it goes on."""

from __future__ import annotations

import ast
from collections import defaultdict
from typing import Any

from kmigrate.resolve.scopes import Binding, BindingKind, Kind, ModuleScope, Scope
from kmigrate.resolve.walk.dispatch import ATTRIBUTE, CONSTANT, DISPATCH, NAME


class Walk:
    """The one walk: dispatch by node type, everything else visited generically.

    It sees every node of every module, so the frequent types are visited without detours: what `visit` does is written
    out where many nodes pass. `declares`: the module may have `global` or `nonlocal` statements.
    """

    def __init__(self, module: ModuleScope, *, declares: bool) -> None:
        self.module = module
        self.declares = declares
        self.parents = module.parents
        self.calls = module.calls
        self.loads: defaultdict[str, list[tuple[ast.Name, Scope]]] = defaultdict(list)
        self.attributes: defaultdict[str, list[tuple[ast.Attribute, Scope]]] = defaultdict(list)
        self.statement: ast.AST = module.tree

    def block(self, owner: ast.AST, statements: list[Any], scope: Scope) -> None:
        """Visit the statements of a block of `owner`."""
        parents = self.parents
        for statement in statements:
            parents[statement] = owner
            DISPATCH[type(statement)](self, statement, scope)

    def visit(self, node: Any, parent: ast.AST, scope: Scope) -> None:
        """Visit one node of a parent."""
        self.parents[node] = parent
        cls = type(node)
        if cls is NAME:
            self.loads[node.id].append((node, scope))
        elif cls is not CONSTANT:
            DISPATCH[cls](self, node, scope)

    def each(self, nodes: list[Any], parent: ast.AST, scope: Scope) -> None:
        """Visit expressions of one parent."""
        parents = self.parents
        for node in nodes:
            parents[node] = parent
            cls = type(node)
            if cls is NAME:
                self.loads[node.id].append((node, scope))
            elif cls is not CONSTANT:
                DISPATCH[cls](self, node, scope)

    def bind(
        self, kind: BindingKind, name: str, node: ast.AST, scope: Scope, value: ast.expr | None = None,
        path: tuple[int, ...] = (),
    ) -> Binding:  # fmt: skip
        """Note that a name is bound where the walk is: in the scope, or in the one that it belongs to from there."""
        target = scope
        while target.kind == "comprehension" and kind != "loop" and target.parent is not None:
            target = target.parent
        if name in target.elsewhere:
            target = target.elsewhere[name] or self.module.top
        binding = Binding(kind, name, node, target, value, path, self.statement)
        bindings = target.bindings
        if name in bindings:
            bindings[name].append(binding)
        else:
            bindings[name] = [binding]
        return binding

    def target(
        self, kind: BindingKind, target: Any, parent: ast.AST, scope: Scope, value: ast.expr | None,
        path: tuple[int, ...] = (),
    ) -> None:  # fmt: skip
        """Bind what stands on the left of an assignment, or what a loop or `with` fills; `value` is what it is taken from."""
        if type(target) is NAME:
            self.parents[target] = parent
            self.bind(kind, target.id, target, scope, value, path)
        elif type(target) in _DISPLAYS:
            self.parents[target] = parent
            starred = False
            for index, item in enumerate(target.elts):
                starred = starred or isinstance(item, ast.Starred)
                inner = item.value if isinstance(item, ast.Starred) else item
                known = None if starred else value
                self.target("unpack" if kind == "assign" else kind, inner, target, scope, known, (*path, index))
        elif type(target) is ATTRIBUTE:
            self.parents[target] = parent
            self.module.attribute_stores.append((target, scope))
            self.visit(target.value, target, scope)
        else:
            self.visit(target, parent, scope)

    def enter(self, kind: Kind, node: ast.AST, scope: Scope) -> Scope:
        """A new scope inside of another one."""
        inner = Scope(kind, node, scope, self.module)
        self.module.scope_of[node] = inner
        if kind in ("function", "lambda"):
            self.module.functions.append((node, inner))  # type: ignore[arg-type]
        return inner


_DISPLAYS = (ast.Tuple, ast.List)
