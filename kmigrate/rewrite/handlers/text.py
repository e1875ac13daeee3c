"""Small questions about the text and the bindings of values that several handlers ask."""

from __future__ import annotations

import ast
from itertools import pairwise

from kmigrate.edits import Span
from kmigrate.match.arguments import Argument
from kmigrate.resolve.scopes import Scope
from kmigrate.rewrite.arguments.site import Site
from kmigrate.rewrite.layout import layout
from kmigrate.source.module import Module


def value_span(site: Site, argument: Argument) -> Span:
    """Where the value of an argument stands, with the parentheses around it."""
    return layout(site.module, site.call).slots[argument.order + site.bound.leading].value


def commented(module: Module, span: Span, parts: list[Span]) -> bool:
    """Whether the stretch holds a comment outside of its parts."""
    position = span.start
    for part in sorted(parts, key=lambda part: part.start):
        if "#" in module.text[position : part.start]:
            return True
        position = part.end
    return "#" in module.text[position : span.end]


def plain_between(module: Module, items: list[ast.expr]) -> bool:
    """Whether nothing but commas and space stands between the items, so that text can be inserted beside them."""
    for item, following in pairwise(items):
        if module.text[module.end(item) : module.start(following)].strip(" \t\r\n\\") != ",":
            return False
    return True


def is_builtin(node: ast.expr, name: str, scope: Scope) -> bool:
    """Whether an expression is the builtin of this name."""
    return isinstance(node, ast.Name) and node.id == name and not scope.binds(name)


def constant_items(node: ast.expr, scope: Scope) -> dict[str, ast.expr] | None:
    """The items of a dict literal or of `dict(key=...)`; None where a key is not a plain string or is given twice."""
    found: dict[str, ast.expr] = {}
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if not isinstance(key, ast.Constant) or not isinstance(key.value, str) or key.value in found:
                return None
            found[key.value] = value
        return found
    if isinstance(node, ast.Call) and is_builtin(node.func, "dict", scope) and not node.args:
        for keyword in node.keywords:
            if keyword.arg is None:
                return None
            found[keyword.arg] = keyword.value
        return found
    return None
