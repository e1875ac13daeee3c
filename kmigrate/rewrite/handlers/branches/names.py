"""Names for what the functional model has and the Sequential had not, which nothing else in the module has."""

from __future__ import annotations

import ast

from kmigrate.rewrite.handlers import Context
from kmigrate.rewrite.handlers.branches.given import around
from kmigrate.rewrite.handlers.branches.statements import BRANCH, MERGE


def fresh(context: Context, name: str) -> str:
    """A name for this Merge, numbered where several stand in the module."""
    calls = [call for call, scope in context.scopes.calls if context.evaluator.values(call, scope) == MERGE]
    calls.sort(key=context.site.module.start)
    number = calls.index(context.site.call) + 1 if context.site.call in calls else 1
    return free(context, name if number == 1 else f"{name}_{number}")


def name_of(context: Context, made: ast.Call) -> str:
    """A name for a branch that is made in a list, numbered through the module."""
    listed = [
        call
        for call, scope in context.scopes.calls
        if around(context, call, scope) is not None and context.evaluator.values(call, scope) == BRANCH
    ]
    listed.sort(key=context.site.module.start)
    return free(context, f"branch_{listed.index(made) + 1}")


def taken(context: Context, name: str) -> bool:
    """Whether the module has the name."""
    return any(name in scope.bindings for scope in context.scopes.all_scopes()) or name in context.scopes.loads


def free(context: Context, name: str) -> str:
    """The name, or one like it that the module does not have."""
    while taken(context, name):
        name += "_"
    return name
