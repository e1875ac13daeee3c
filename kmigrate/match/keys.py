"""Which strings are keyword names of Keras 1, put into a dict that some call far away unpacks (`d["border_mode"] = v`)?"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from kmigrate.match.found import Found
from kmigrate.resolve.scopes import ModuleScope

_READERS = frozenset({"get", "pop", "setdefault"})


def string_keys(module: ModuleScope, keys: frozenset[str]) -> Iterator[Found]:
    """Keys that are stored and never read in this module, nor the names of parameters of its own functions: one of each dict."""
    stored: list[list[ast.Constant]] = []
    known: set[str] = set()
    for node in ast.walk(module.tree):
        match node:
            case ast.Subscript(slice=ast.Constant(value=str() as name) as key, ctx=context) if name in keys:
                if isinstance(context, ast.Store):
                    stored.append([key])
                else:
                    known.add(name)
            case ast.Dict(keys=names) if not _is_config(module, node):
                stored.append([key for key in names if isinstance(key, ast.Constant) and key.value in keys])
            case ast.Call(func=ast.Attribute(attr=method), args=[ast.Constant(value=str() as name), *_]) if (
                method in _READERS
            ):
                known.add(name)
            case ast.arguments():
                known.update(argument.arg for argument in (*node.posonlyargs, *node.args, *node.kwonlyargs))
    for place in stored:
        unread = [key for key in place if key.value not in known]
        if unread:
            yield Found("string", str(unread[0].value), unread[0], module.top)


def _is_config(module: ModuleScope, node: ast.AST) -> bool:
    """Whether a dict stands in get_config, where the keys are the arguments of the user's own class."""
    current: ast.AST | None = node
    while current is not None:
        if isinstance(current, ast.FunctionDef) and current.name == "get_config":
            return True
        current = module.parents.get(current)
    return False
