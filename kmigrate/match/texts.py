"""Which strings of a module are names that Keras 1 gives layers and weights, keys of its settings, or code that speaks of it?

Few files hold such a string: the text is searched for the words first, and the tree walked where it has one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping

from kmigrate.match.found import Found
from kmigrate.match.layer_names import layer_names, string_use, strings
from kmigrate.match.weight_names import WEIGHT, weight_names
from kmigrate.resolve.scopes import ModuleScope
from kmigrate.source.text import LINE_END

SETTING, BACKEND = "setting", "backend"
_VARIABLE = "KERAS_BACKEND"
_COMMAND = re.compile(rf"\s*(?:\w+\s*=\s*)?[%!].*\b{_VARIABLE}[ \t]*[= \t][ \t]*['\"]?(\w+)")
_FILE = "keras.json"

def text_uses(module: ModuleScope, text: str, wanted: Mapping[str, Collection[str]]) -> Iterator[Found]:
    """The strings of each kind that rules treat."""
    yield from layer_names(module, text, wanted)
    if names := wanted.get(WEIGHT):
        yield from weight_names(module, text, names)
    if (keys := wanted.get(SETTING)) and _FILE in text:
        yield from _settings(module, text, keys)
    if (backends := wanted.get(BACKEND)) and _VARIABLE in text:
        yield from _backends(module, backends)
        yield from _told_to_a_shell(module, text, backends)


def _settings(module: ModuleScope, text: str, keys: Collection[str]) -> Iterator[Found]:
    """Keys of keras.json, in a module that names that file: of a dict, or in the text of one."""
    if not any(key in text for key in keys):
        return
    for constant, value in strings(module):
        parent = module.parents.get(constant)
        for key in keys:
            is_key = value == key and (
                (isinstance(parent, ast.Dict) and constant in parent.keys)
                or (isinstance(parent, ast.Subscript) and parent.slice is constant)
                or (isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute) and parent.func.attr == "get")
            )
            if is_key or f'"{key}":' in value:
                yield string_use(constant, key, module, SETTING)


def _backends(module: ModuleScope, names: Collection[str]) -> Iterator[Found]:
    """The backend that an environment variable is set to."""
    for constant, value in strings(module):
        if value != _VARIABLE:
            continue
        statement = module.statement(constant)
        if isinstance(statement, ast.Assign | ast.Expr):
            for node in ast.walk(statement):
                if isinstance(node, ast.Constant) and node.value in names and not _is_compared(module, node):
                    yield string_use(node, str(node.value), module, BACKEND)


def _told_to_a_shell(module: ModuleScope, text: str, names: Collection[str]) -> Iterator[Found]:
    """The backend that a line of a notebook sets which only IPython reads (`%env`, `!`): Python finds a number in its place."""
    lines = LINE_END.split(text)
    for node in module.parents:
        if isinstance(node, ast.Constant) and node.value.__class__ is int:
            told = _COMMAND.match(lines[node.lineno - 1])
            if told is not None and told.group(1) in names:
                yield string_use(node, told.group(1), module, BACKEND)


def _is_compared(module: ModuleScope, node: ast.Constant) -> bool:
    return isinstance(module.parents.get(node), ast.Compare)
