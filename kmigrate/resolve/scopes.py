"""Who binds which name where: the scopes of a module, their bindings, and every load of a name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypeAlias

Kind: TypeAlias = Literal["module", "function", "class", "lambda", "comprehension"]
BindingKind: TypeAlias = Literal[
    "import", "from", "star", "assign", "augmented", "unpack", "annotation", "parameter", "function", "class", "loop",
    "with", "except", "delete", "pattern",
]  # fmt: skip

FunctionNode: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(eq=False, slots=True, repr=False)
class Binding:
    """One place that gives a name a value.

    `value` is the expression on the right (the iterable of a loop, the context of a with, the default of a parameter),
    `path` the index path into it for unpacked targets, `node` the alias, statement, argument or definition.
    """

    kind: BindingKind
    name: str
    node: ast.AST
    scope: Scope
    value: ast.expr | None = None
    path: tuple[int, ...] = ()
    statement: ast.AST | None = None

    @property
    def assigned(self) -> ast.expr | None:
        """The whole expression that a plain assignment gives the name; None where it gets its value otherwise."""
        return self.value if self.kind == "assign" and not self.path else None


@dataclass(eq=False, slots=True, repr=False)
class Scope:
    """A scope of Python: where its names are bound and loaded."""

    kind: Kind
    node: Any
    parent: Scope | None
    module: ModuleScope
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    elsewhere: dict[str, Scope | None] = field(default_factory=dict)
    stars: list[Binding] = field(default_factory=list)
    owners: dict[str, Scope | None] = field(default_factory=dict)

    def lookup(self, name: str) -> Scope | None:
        """The scope in which a load of `name` here finds its bindings; None for builtins and unknown names.

        Remembered: to be asked when all scopes of the module are complete.
        """
        owners = self.owners
        if name in owners:
            return owners[name]
        owner = owners[name] = self._owner(name)
        return owner

    def _owner(self, name: str) -> Scope | None:
        scope: Scope | None = self
        first = True
        while scope is not None:
            if name in scope.elsewhere:
                target = scope.elsewhere[name]
                return target if target is not None else scope.module.top
            if name in scope.bindings and (first or scope.kind != "class"):
                return scope
            if scope.kind != "comprehension":
                first = False
            scope = scope.parent
        return self.module.top if self.module.top.stars else None

    def binds(self, name: str) -> bool:
        """Whether a load of `name` here finds bindings, those of star imports left out."""
        owner = self.lookup(name)
        return owner is not None and name in owner.bindings

    def chain(self) -> Iterator[Scope]:
        """This scope and those around it, innermost first."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    @property
    def function(self) -> Scope | None:
        """The innermost function or lambda scope around and including this one."""
        return next((scope for scope in self.chain() if scope.kind in ("function", "lambda")), None)


@dataclass(eq=False, repr=False)
class ModuleScope:
    """All scopes of one module, and what its syntax tree holds that may be a use of a library.

    `subscripts` are those by a constant; `early` are loads in a class that come before its own binding of the name, with the
    scope outside in which they look it up; `runs_files`: it may run other files in its own names (`%run`, `execfile`), or fill
    them otherwise (`%pylab`);
    `passes_on`: a function takes `*args` and `**kwargs`.
    """

    tree: ast.Module
    key: str
    top: Scope = field(init=False)
    imports: list[Binding] = field(default_factory=list)
    loads: dict[str, list[tuple[ast.Name, Scope]]] = field(default_factory=dict)
    attributes: dict[str, list[tuple[ast.Attribute, Scope]]] = field(default_factory=dict)
    calls: list[tuple[ast.Call, Scope]] = field(default_factory=list)
    classes: list[tuple[ast.ClassDef, Scope, Scope]] = field(default_factory=list)
    functions: list[tuple[FunctionNode, Scope]] = field(default_factory=list)
    branches: list[tuple[ast.If, Scope]] = field(default_factory=list)
    attribute_stores: list[tuple[ast.Attribute, Scope]] = field(default_factory=list)
    subscripts: list[ast.Subscript] = field(default_factory=list)
    dicts: list[ast.Dict] = field(default_factory=list)
    scope_of: dict[ast.AST, Scope] = field(default_factory=dict)
    parents: dict[ast.AST, ast.AST] = field(default_factory=dict)
    early: dict[ast.Name, Scope] = field(default_factory=dict)
    exported: frozenset[str] = frozenset()
    fstrings: bool = False
    walruses: bool = False
    runs_files: bool = False
    passes_on: bool = False

    def statement(self, node: ast.AST) -> ast.stmt:
        """The statement that holds `node`."""
        while not isinstance(node, ast.stmt):
            node = self.parents[node]
        return node

    def block(self, statement: ast.AST) -> list[ast.stmt]:
        """The block in which a statement stands, itself included; nothing for what stands in none."""
        parent = self.parents.get(statement)
        blocks = (getattr(parent, name, None) for name in ("body", "orelse", "finalbody"))
        return next((block for block in blocks if isinstance(block, list) and statement in block), [])

    def scope_around(self, node: ast.AST) -> Scope:
        """The scope that a node stands in."""
        parent = self.parents.get(node)
        while parent is not None and parent not in self.scope_of:
            parent = self.parents.get(parent)
        return self.scope_of[parent] if parent is not None else self.top

    def in_fstring(self, node: ast.AST) -> bool:
        """Whether the node stands inside an f-string."""
        current: ast.AST | None = node if self.fstrings else None
        while current is not None and not isinstance(current, ast.stmt):
            if isinstance(current, ast.JoinedStr):
                return True
            current = self.parents.get(current)
        return False

    @cached_property
    def binds_elsewhere(self) -> bool:
        """Whether a name may be bound in another scope than the one it stands in."""
        return self.walruses or any(scope.elsewhere for scope in self.all_scopes())

    @property
    def names(self) -> Iterator[tuple[ast.Name, Scope]]:
        """Every load of a name, grouped by name."""
        for loads in self.loads.values():
            yield from loads

    def release(self) -> None:
        """Cut the circles between scopes and bindings, so that counting references frees the tree: nobody may ask any more."""
        for scope in self.all_scopes():
            del scope.bindings, scope.elsewhere, scope.owners, scope.stars
        vars(self).clear()

    def all_scopes(self) -> Iterator[Scope]:
        """Every scope of the module."""
        yield from dict.fromkeys([self.top, *self.scope_of.values()])
