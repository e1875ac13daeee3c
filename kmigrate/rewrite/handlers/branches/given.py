"""Which branches is a Merge given: by a list in the call, or by a list that has a name?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from kmigrate.resolve.scopes import Scope
from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.handlers.branches.growing import Many, many
from kmigrate.rewrite.handlers.branches.statements import BRANCH, MERGE, in_the_way, only_use, settled

_UNNAMED = "the branches are not listed here, or have no names"


@dataclass(frozen=True, slots=True)
class Given:
    """The branches, each a name or the call that makes it, and the statement that makes the list if it has a name.

    `many` are the branches of a list that stays, and is read when the program runs; `problem` tells why there are none.
    """

    items: list[ast.Name | ast.Call] | None
    held: ast.Assign | None = None
    problem: str = _UNNAMED
    many: Many | None = None


def listed(context: Context, call: ast.Call, scope: Scope) -> Given:
    """The branches that a Merge is given."""
    given = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "layers")]
    if not given:
        return Given(None)
    found = _held(context, given[0], scope) if isinstance(given[0], ast.Name) else Given(_items(context, given[0], scope))
    if found.items is not None or isinstance(given[0], ast.List):
        return found
    read = many(context, given[0], scope, call)
    return Given(None, problem=read) if isinstance(read, str) else Given(None, many=read)


def around(context: Context, call: ast.Call, scope: Scope) -> ast.Call | None:
    """The Merge that lists a call, of another Merge or of a model, among its branches."""
    held = context.scopes.parents.get(call)
    if not isinstance(held, ast.List):
        return None
    outer = context.scopes.parents.get(held)
    if isinstance(outer, ast.keyword):
        outer = context.scopes.parents.get(outer)
    return outer if isinstance(outer, ast.Call) and context.evaluator.values(outer, scope) == MERGE else None


def names_below(context: Context, call: ast.Call, scope: Scope) -> Iterator[ast.Name]:
    """The names among the branches of a Merge, and of the Merges among them."""
    for item in listed(context, call, scope).items or ():
        if isinstance(item, ast.Name):
            yield item
        elif context.evaluator.values(item, scope) == MERGE:
            yield from names_below(context, item, scope)


def _held(context: Context, name: ast.Name, scope: Scope) -> Given:
    """The branches in a list that is made by one statement and then only given to this Merge."""
    bindings = context.evaluator.bindings(name, scope) or ()
    statements = [binding.statement for binding in bindings]
    made = statements[0] if len(statements) == 1 else None
    value = made.value if isinstance(made, ast.Assign) else None
    if not isinstance(made, ast.Assign) or not isinstance(value, ast.List):
        return Given(None, problem=f"the list `{name.id}` of branches is not written out")
    if only_use(context, made, scope) is not name:
        return Given(None, problem=f"the list `{name.id}` of branches may grow or change, or is used elsewhere too")
    items = _items(context, value, scope)
    names = [item for item in items or () if isinstance(item, ast.Name)]
    if items is None or len(names) < len(items):
        return Given(None)
    for branch in names:
        if not settled(branch.id, scope):
            return Given(None, problem=f"`{branch.id}` may be another model when the list `{name.id}` is used")
    block = context.scopes.block(made)
    reason = in_the_way(context, made)
    if reason is not None or context.scopes.statement(name) not in block:
        return Given(None, problem=reason or f"the list `{name.id}` of branches is made in another block")
    return Given(items, made)


def _items(context: Context, value: ast.expr, scope: Scope) -> list[ast.Name | ast.Call] | None:
    """The items of a list of two names, Merges or new models at least."""
    listed = value.elts if isinstance(value, ast.List) else []
    items = [
        item
        for item in listed
        if isinstance(item, ast.Name)
        or (isinstance(item, ast.Call) and context.evaluator.values(item, scope) in (MERGE, BRANCH))
    ]
    return items if len(items) == len(listed) >= len("ab") else None
