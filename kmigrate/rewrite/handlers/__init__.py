"""What data cannot say: the few rewrites that need code, named by a rule as `module:function`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, TypeAlias

from kmigrate.match.found import Found
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.roles import Roles
from kmigrate.resolve.scopes import ModuleScope
from kmigrate.rewrite.arguments.site import Rewritten, Site
from kmigrate.rewrite.decision import Decision
from kmigrate.rewrite.facts import Facts
from kmigrate.rewrite.plan import Refusal
from kmigrate.ruleset.schema import Rewrite, Rule


@dataclass(frozen=True, slots=True)
class Context:
    """What a handler is given: the rule, the chosen rewrite, the use and what is known of its call."""

    rule: Rule
    rewrite: Rewrite
    found: Found
    site: Site
    evaluator: Evaluator
    scopes: ModuleScope
    roles: Roles


Handler: TypeAlias = Callable[[Context], "Rewritten | Refusal | Decision"]
MemberHandler: TypeAlias = Callable[[Facts, Rule, Found], "Decision | None"]
"""Decides a member (an attribute, an assignment, a method that is defined); None leaves it to the `say` of the rule."""


def handler(name: str) -> Handler:
    """The handler `module:function`; only handlers of this package can be named."""
    found: Handler = _named(name)
    return found


def member_handler(name: str) -> MemberHandler:
    """The handler of members `module:function`, likewise."""
    found: MemberHandler = _named(name)
    return found


@cache
def _named(name: str) -> Any:
    module, _, function = name.partition(":")
    if not module.startswith("kmigrate.rewrite.handlers."):
        raise ValueError(f"{name}: handlers live in kmigrate.rewrite.handlers")
    return getattr(import_module(module), function)
