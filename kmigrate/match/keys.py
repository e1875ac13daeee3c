"""Which strings are keyword names of Keras 1, put into a dict that some call far away unpacks (`d["border_mode"] = v`)?"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from kmigrate.match.found import Found
from kmigrate.resolve.scopes import ModuleScope

STORED = "stored"
_READERS = frozenset({"get", "pop", "setdefault"})


def string_keys(module: ModuleScope, keys: Collection[str]) -> list[Found]:
    """Keys that are stored and never read in this module, nor the names of parameters of its own functions: one of each dict."""
    stored: list[list[ast.Constant]] = []
    known: set[str] = set()
    for subscript in module.subscripts:
        key = subscript.slice
        assert isinstance(key, ast.Constant)
        if isinstance(key.value, str) and key.value in keys:
            if isinstance(subscript.ctx, ast.Store):
                stored.append([key])
            else:
                known.add(key.value)
    for node in module.dicts:
        listed = [key for key in node.keys if isinstance(key, ast.Constant) and key.value in keys]
        if listed and not _is_config(module, node):
            stored.append(listed)
    called = [call for call in _dict_calls(module, keys) if not _is_config(module, call)]
    if not stored and not called:
        return []
    known.update(_asked(module), _parameters(module))
    unread = ([key for key in place if key.value not in known] for place in stored)
    found = [Found("string", str(place[0].value), place[0], module.top, spelled=STORED) for place in unread if place]
    for call in called:
        named = [keyword for keyword in call.keywords if keyword.arg in keys and keyword.arg not in known]
        if named:
            found.append(Found("string", str(named[0].arg), named[0], module.top, spelled=STORED))
    return found


def _dict_calls(module: ModuleScope, keys: Collection[str]) -> Iterator[ast.Call]:
    """The calls that make a dict of such keys: `dict(border_mode='same')`."""
    for name, scope in module.loads.get("dict", ()):
        call = module.parents.get(name)
        if not isinstance(call, ast.Call) or call.func is not name or scope.binds("dict"):
            continue
        if any(keyword.arg in keys for keyword in call.keywords):
            yield call


def _asked(module: ModuleScope) -> Iterator[str]:
    """The strings that methods which read a dict are called with."""
    for call, _ in module.calls:
        if call.args and isinstance(call.func, ast.Attribute) and call.func.attr in _READERS:
            key = call.args[0]
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value


def _parameters(module: ModuleScope) -> Iterator[str]:
    for function, _ in module.functions:
        arguments = function.args
        for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            yield argument.arg


def _is_config(module: ModuleScope, node: ast.AST) -> bool:
    """Whether a dict stands in get_config, where the keys are the arguments of the user's own class."""
    current: ast.AST | None = node
    while current is not None:
        if isinstance(current, ast.FunctionDef) and current.name == "get_config":
            return True
        current = module.parents.get(current)
    return False
