"""What data cannot say: the few rewrites that need code, named by a rule as `module:function`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TypeAlias

from kmigrate.match.collect import Found
from kmigrate.resolve.evaluate import Evaluator
from kmigrate.resolve.scopes import ModuleScope
from kmigrate.rewrite.arguments import Rewritten, Site
from kmigrate.rewrite.decision import Decision
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


Handler: TypeAlias = Callable[[Context], "Rewritten | Refusal | Decision"]


def handler(name: str) -> Handler:
    """The handler `module:function`; only handlers of this package can be named."""
    module, _, function = name.partition(":")
    if not module.startswith("kmigrate.rewrite.handlers."):
        raise ValueError(f"{name}: handlers live in kmigrate.rewrite.handlers")
    found: Handler = getattr(import_module(module), function)
    return found
