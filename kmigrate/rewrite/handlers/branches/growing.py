"""Which branches does a list hold that is filled before the Merge, and read when the program runs?"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from kmigrate.resolve.scopes import Binding, ModuleScope, Scope
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.handlers.branches.statements import (
    BRANCH,
    MERGE,
    deadline,
    loads_of,
    only_use,
    position,
)
from kmigrate.rewrite.handlers.text import is_builtin


@dataclass(frozen=True, slots=True)
class Many:
    """A list of branches, a name or what makes it, and the branches that it can hold, each with its scope."""

    given: ast.Name | ast.ListComp
    items: tuple[tuple[ast.Name | ast.Call, Scope], ...]


def many(context: Context, given: ast.expr, scope: Scope, merge: ast.Call) -> Many | str:
    """The branches of a list that a Merge gets; why they can't be seen, or may be one model twice."""
    if isinstance(given, ast.ListComp):
        inner = scope.module.scope_of[given]
        items = _branches(context, [(given.elt, inner)])
        return Many(given, tuple(items)) if isinstance(items, list) else items
    if not isinstance(given, ast.Name):
        return "the branches are not listed here, or have no names"
    binding = _list_of(context, given, scope)
    value = binding.value if binding is not None else None
    if binding is None or not isinstance(value, ast.List | ast.ListComp) or binding.scope is not scope:
        return f"the list `{given.id}` of branches is not written out"
    if isinstance(value, ast.ListComp):
        listed: list[tuple[ast.expr, Scope]] = [(value.elt, scope.module.scope_of[value])]
    else:
        listed = [(item, scope) for item in value.elts]
    for load, inner, certain in loads_of(context, binding):
        added = _appended(inner.module, load)
        if not certain or (added is None and not _only_reads(context, load, inner)):
            return f"the list `{given.id}` of branches may grow or change, or is used elsewhere too"
        if added is None:
            continue
        if inner is not scope or position(load) >= deadline(scope.module, merge, binding):
            return f"the list `{given.id}` of branches may grow when the Merge is there already"
        listed.append((added, scope))
    items = _branches(context, listed)
    return Many(given, tuple(items)) if isinstance(items, list) else items


def of_merge(context: Context, held: ast.List, scope: Scope) -> bool:
    """Whether a list serves for nothing but a Merge, so that what is in it is changed nowhere."""
    parent = context.scopes.parents.get(held)
    if isinstance(parent, ast.Assign):
        load = only_use(context, parent, scope)
        if load is None:
            bindings = (binding for bound in scope.bindings.values() for binding in bound)
            return any(_serves(context, binding) for binding in bindings if binding.statement is parent)
        parent = context.scopes.parents.get(load)
    if isinstance(parent, ast.keyword):
        parent = context.scopes.parents.get(parent)
    return isinstance(parent, ast.Call) and context.evaluator.values(parent, scope) == MERGE


def fills(context: Context, call: ast.Call, scope: Scope) -> bool:
    """Whether `branches.append(branch)` fills a list that serves for nothing but a Merge."""
    held = call.func.value if isinstance(call.func, ast.Attribute) and call.func.attr == "append" else None
    binding = _list_of(context, held, scope) if isinstance(held, ast.Name) else None
    return binding is not None and _serves(context, binding)


def _list_of(context: Context, name: ast.Name, scope: Scope) -> Binding | None:
    """The one statement that makes the list."""
    bindings = context.evaluator.bindings(name, scope) or frozenset()
    binding = next(iter(bindings)) if len(bindings) == 1 else None
    plain = binding is not None and binding.kind == "assign" and not binding.path
    return binding if plain and name.id not in context.scopes.exported else None


def _serves(context: Context, binding: Binding) -> bool:
    """Whether a list is filled, measured and given to a Merge, and nothing else."""
    read = False
    for load, scope, certain in loads_of(context, binding):
        if not certain:
            return False
        if _appended(scope.module, load) is None:
            if not _only_reads(context, load, scope):
                return False
            read = True
    return read and binding.kind == "assign" and not binding.path


def _appended(module: ModuleScope, load: ast.Name) -> ast.expr | None:
    """What the statement `branches.append(...)` adds."""
    method = module.parents.get(load)
    call = module.parents.get(method) if isinstance(method, ast.Attribute) and method.attr == "append" else None
    if not isinstance(call, ast.Call) or call.func is not method or len(call.args) != 1 or call.keywords:
        return None
    return call.args[0] if isinstance(module.parents.get(call), ast.Expr) else None


def _only_reads(context: Context, load: ast.Name, scope: Scope) -> bool:
    """Whether a use of a list leaves it and what it holds as they are: `len(branches)`, or a Merge."""
    parent = scope.module.parents.get(load)
    if isinstance(parent, ast.keyword):
        parent = scope.module.parents.get(parent)
    if not isinstance(parent, ast.Call) or parent.func is load:
        return False
    return is_builtin(parent.func, "len", scope) or context.evaluator.values(parent, scope) == MERGE


def _branches(context: Context, listed: list[tuple[ast.expr, Scope]]) -> list[tuple[ast.Name | ast.Call, Scope]] | str:
    """What is listed, if each is a Sequential that is listed once."""
    found: list[tuple[ast.Name | ast.Call, Scope]] = []
    seen: set[Binding] = set()
    for item, scope in listed:
        spelled = ast.unparse(item)
        if not isinstance(item, ast.Name | ast.Call) or context.evaluator.values(item, scope) != BRANCH:
            return f"`{spelled}` may be something else than a Sequential"
        if isinstance(item, ast.Name):
            bindings = context.evaluator.bindings(item, scope) or frozenset()
            if len(bindings) != 1 or scope.kind == "comprehension":
                return f"`{spelled}` may be another model, or the same one again"
            binding = next(iter(bindings))
            if binding in seen or not _new_each_time(binding, item, scope):
                return f"`{spelled}` may be in the list more than once"
            seen.add(binding)
        found.append((item, scope))
    return found


def _new_each_time(binding: Binding, item: ast.Name, scope: Scope) -> bool:
    """Whether the name stands for another model each time that it is added to the list."""
    module = scope.module
    statement = module.statement(item)
    if isinstance(statement, ast.Assign):  # the list is new as well
        return True
    if binding.scope is not scope or not isinstance(binding.statement, ast.stmt):
        return False
    block = module.block(binding.statement)
    node: ast.AST | None = statement
    while isinstance(node, ast.Expr | ast.If | ast.With):
        if node in block:
            return block.index(binding.statement) < block.index(node)
        node = module.parents.get(node)
    return False
